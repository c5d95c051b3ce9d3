import Glibc
import Synchronization

/// What was read of a repository's manifests and marks, kept in a local file so that a listing need not read them again.
///
/// Objects never change, so an entry is true for ever. The file is a cache: when it is missing, damaged or of another
/// repository it is made again without a word, and a failure to write it is ignored.
package final class BackupCatalogue: Sendable {
    private struct Contents: Codable {
        var repository: String
        var summaries: [String: BackupSummary] = [:]
        var marks: [String: Mark] = [:]
    }

    private let file: String?
    private let contents: Mutex<Contents>

    /// - Parameters:
    ///   - folder: Where the file lies; `nil` to remember in memory only.
    ///   - repository: The repository's id.
    package init(folder: String?, repository: String) {
        file = folder.map { "\($0)/catalogue-\(repository).json" }
        contents = Mutex(Self.load(file, repository: repository) ?? Contents(repository: repository))
    }

    func summary(_ name: String) -> BackupSummary? {
        contents.withLock { $0.summaries[name] }
    }

    func mark(_ name: String) -> Mark? {
        contents.withLock { $0.marks[name] }
    }

    /// Replaces what is remembered by what a listing found, and writes the file when that differs.
    func remember(summaries: [String: BackupSummary], marks: [String: Mark]) {
        let changed: Contents? = contents.withLock { contents in
            guard contents.summaries != summaries || contents.marks != marks else { return nil }
            contents.summaries = summaries
            contents.marks = marks
            return contents
        }
        if let changed { save(changed) }
    }

    private static func load(_ file: String?, repository: String) -> Contents? {
        guard let file, let handle = try? OpenFile.open(file, O_RDONLY), let size = try? handle.size() else {
            return nil
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            count = (try? handle.read(at: 0, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        guard let contents = try? RepositoryJSON.decode(Contents.self, bytes, name: file),
            contents.repository == repository
        else { return nil }
        return contents
    }

    private func save(_ contents: Contents) {
        guard let file else { return }
        let temporary = "\(file).\(UInt64.random(in: .min ... .max)).tmp"
        do {
            let bytes = try RepositoryJSON.encode(contents)
            let handle = try OpenFile.open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
            try bytes.withUnsafeBytes { try handle.write($0) }
            guard rename(temporary, file) == 0 else { throw RepositoryError(errno: errno, "write", path: file) }
        } catch {
            unlink(temporary)
        }
    }
}
