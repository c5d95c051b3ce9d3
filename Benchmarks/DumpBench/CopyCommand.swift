import ArgumentParser
import CLinux
import Glibc
import Repository

/// Writes a dump to standard output.
struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "copy")

    @Argument(help: "The repository's folder.")
    var folder: String
    @Argument(help: "The backup.")
    var backup = "latest"

    func run() throws {
        _ = linux_limit_malloc_arenas(2)
        let repository = try Repository.open(at: folder)
        let reader = try BackupFileReader(repository: repository, manifest: repository.manifest(named: backup))
        try reader.copy(DumpFacts.standardFile) { bytes in
            var rest = bytes[...]
            while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
                let count = Glibc.write(STDOUT_FILENO, start, rest.count)
                guard count > 0 else { throw ValidationError("standard output can't be written") }
                rest = rest.dropFirst(count)
            }
        }
    }
}
