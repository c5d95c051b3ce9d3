import ArgumentParser
import Blocking
import CLinux
import Glibc
import Repository

/// Stores what comes in by standard input as the newest dump of a repository, which is made when there is none.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "store")

    @Argument(help: "The repository's folder.")
    var folder: String
    @Option(help: "How many deltas may have to be decoded for a chunk; 0 stores chunks whole.")
    var depth = DeltaPolicy.standard.maxDepth

    func run() throws {
        // As recyclicd itself does.
        _ = linux_limit_malloc_arenas(2)
        _ = linux_enlarge_pipe(STDIN_FILENO, 1 << 20)
        let repository = try Repository.openOrCreate(at: folder)
        let lock = try repository.lockForWriting()
        defer { lock.release() }
        let database = "bench"
        let listing = try repository.listing()
        var deltas = DeltaPolicy.standard
        deltas.maxDepth = depth
        var id = BackupID(startedAt: .now, kind: .dump)
        while let last = listing.all.last?.id, last >= id {
            id = BackupID(startedAt: last.startedAt.adding(seconds: 1), kind: .dump)
        }
        let session = try IngestSession(
            repository: repository,
            lock: lock,
            options: IngestOptions(deltas: deltas),
            previous: repository.newestManifest(ofCluster: "1", kind: .dump, database: database, in: listing)
        )
        defer { session.abort() }
        try session.beginStream(path: Array(DumpFacts.standardFile.utf8), mode: 0o600)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw ValidationError("standard input can't be read") }
            if count == 0 { break }
            try session.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        try session.endFile()
        let result = try session.finish()
        let manifest = BackupManifest(
            repository: repository.id,
            id: id,
            cluster: "1",
            previous: try repository.previousManifest(ofCluster: "1"),
            startedAt: id.startedAt,
            finishedAt: .now,
            codec: "zstd",
            table: result.table,
            sizes: result.sizes,
            dump: DumpFacts(
                database: database,
                encoding: "UTF8",
                programVersion: "0",
                globalsFile: nil,
                holdsRolePasswords: false
            ),
            server: ServerFacts(
                version: "0",
                versionNumber: 0,
                systemIdentifier: "1",
                timeline: 1,
                dataChecksums: true,
                blockSize: 8_192,
                walSegmentBytes: 1 << 24
            ),
            findings: [],
            tool: "dump-bench"
        )
        try repository.writeManifest(manifest)
        let sizes = result.sizes
        print(
            "\(id): \(sizes.logicalBytes) bytes, \(sizes.chunks) chunks, \(sizes.newChunks) new, "
                + "\(sizes.deltaChunks) deltas, \(sizes.addedBytes) bytes added"
        )
    }
}
