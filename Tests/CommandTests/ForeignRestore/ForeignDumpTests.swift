import Foundation
import Repository
import TestSupport
import Testing

/// A dump is brought back from a repository by the script that shares no code with us, and PostgreSQL's own tools restore it.
@Suite(.serialized)
struct ForeignDumpTests {
    private static let script =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("restore.py").path

    @Test(
        "a second dump, of deltas or whole chunks, is extracted by a foreign script, and pg_restore has the same rows of it",
        arguments: Codec.allCases
    )
    func restore(codec: Codec) async throws {
        let server = try await PrivatePostgres.started()
        let folder = try TemporaryDirectory(prefix: "rd")
        try await onOwnThread {
            let repository = try Repository.create(at: folder.path("repository"))
            try server.execute("CREATE DATABASE recyclic")
            try server.execute(
                """
                CREATE TABLE ticket AS
                SELECT i AS id, md5(i::text) || repeat(md5((i % 100)::text), 3) AS text FROM generate_series(1, 40000) i
                """,
                database: "recyclic"
            )
            _ = try Self.store(server, in: repository, codec: codec, folder: folder)
            try server.execute("UPDATE ticket SET text = text || '!' WHERE id % 100 = 0", database: "recyclic")
            let second = try Self.store(server, in: repository, codec: codec, folder: folder)
            #expect((second.sizes.deltaChunks > 0) == (codec == .zstd), "\(second.sizes)")

            let target = folder.path("target")
            try Program.check("python3", [Self.script, repository.path, second.id.description, target])
            #expect(FileManager.default.contentsEqual(atPath: "\(target)/database.dump", andPath: folder.path("dump")))
            #expect(try String(contentsOfFile: "\(target)/globals.sql", encoding: .utf8) == Self.globals)
            try server.execute("CREATE DATABASE copy")
            let options = ["-d", "copy", "--exit-on-error", "\(target)/database.dump"]
            try Program.check(server.binaries.path("pg_restore"), Self.connection(server) + options)
            let rows = "SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY id)) FROM ticket t"
            #expect(try server.psql(rows, database: "copy") == server.psql(rows, database: "recyclic"))
            try server.stop(.immediate)
        }
    }

    private static let globals = "CREATE ROLE app;\n"

    private static func connection(_ server: PrivatePostgres) -> [String] {
        ["-h", server.socketDirectory, "-p", "\(server.port)", "-U", "postgres"]
    }

    /// Dumps the database to `folder`, and stores that as a backup.
    private static func store(
        _ server: PrivatePostgres,
        in repository: Repository,
        codec: Codec,
        folder: TemporaryDirectory
    ) throws -> BackupManifest {
        let file = folder.path("dump")
        let options = ["-Fc", "-Z0", "-f", file, "recyclic"]
        try Program.check(server.binaries.path("pg_dump"), connection(server) + options)
        let lock = try repository.lockForWriting()
        defer { lock.release() }
        let listing = try repository.listing()
        let session = try IngestSession(
            repository: repository,
            lock: lock,
            options: IngestOptions(codec: codec, workers: 2),
            previous: repository.newestManifest(ofCluster: "7", kind: .dump, database: "recyclic", in: listing)
        )
        defer { session.abort() }
        let facts = DumpFacts(
            database: "recyclic",
            encoding: "UTF8",
            programVersion: "15",
            holdsRolePasswords: false
        )
        let parts = [
            (facts.file, try Data(contentsOf: URL(fileURLWithPath: file))), ("globals.sql", Data(globals.utf8)),
        ]
        for (path, bytes) in parts {
            try session.beginStream(path: Array(path.utf8), mode: 0o600)
            try bytes.withUnsafeBytes { try session.append($0) }
            try session.endFile()
        }
        let result = try session.finish()
        let time = UTCTime(secondsSinceEpoch: 1_795_312_800 + Int64(listing.all.count))
        let manifest = BackupManifest(
            repository: repository.id,
            id: BackupID(startedAt: time, kind: .dump),
            cluster: "7",
            previous: try repository.previousManifest(ofCluster: "7"),
            startedAt: time,
            finishedAt: time,
            codec: codec.rawValue,
            table: result.table,
            sizes: result.sizes,
            dump: facts,
            server: ServerFacts(
                version: "15",
                versionNumber: 150_000,
                systemIdentifier: "7",
                timeline: 1,
                dataChecksums: true,
                blockSize: 8_192,
                walSegmentBytes: 1 << 24
            ),
            findings: [],
            tool: "test"
        )
        try repository.writeManifest(manifest)
        return manifest
    }
}
