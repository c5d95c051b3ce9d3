import Blocking
import Foundation
import Glibc
import PostgresClient
import Repository
import TestSupport

@testable import Protection

/// A server with a database to dump, and a repository to dump it into.
final class DumpBench: Sendable {
    let server: PrivatePostgres
    let folder: TemporaryDirectory
    let repository: Repository

    /// Makes all of it; blocks.
    init(_ change: (inout PrivatePostgres.Options) -> Void = { _ in }) throws {
        server = try PrivatePostgres(PrivatePostgres.Options(change))
        folder = try TemporaryDirectory(prefix: "rd")
        repository = try Repository.create(at: folder.path("repository"))
    }

    /// A database as the application has it, and the role of setup-sql.
    func fill(_ database: String = "recyclic", tickets: Int = 200) throws {
        try server.execute("CREATE DATABASE \(SetupSQL.identifier(database))")
        let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Demo/recyclic-sample.sql")
        try server.execute(
            "\\set tickets \(tickets)\n\\set as_of '2026-11-01 12:00:00+00'\n"
                + String(contentsOf: sample, encoding: .utf8),
            database: database
        )
        try server.execute(SetupSQL.render(role: "recyclic", database: database), database: database)
    }

    /// The server's major version.
    func majorVersion() throws -> String {
        try server.psql("SELECT current_setting('server_version_num')::int / 10000")
    }

    /// How the role reaches a database.
    func connection(_ database: String = "recyclic", user: String = "recyclic") -> ConnectionSettings {
        ConnectionSettings(host: server.socketDirectory, port: server.port, user: user, database: database)
    }

    func request(
        _ connection: ConnectionSettings? = nil,
        _ change: (inout DumpRequest) -> Void = { _ in }
    ) -> DumpRequest {
        var request = DumpRequest(
            connection: connection ?? self.connection(),
            ingest: IngestOptions(workers: 2),
            programs: server.binaries.directory
        )
        change(&request)
        return request
    }

    /// A folder with the programs of the server's version, of which one is a shell script.
    func programs(replacing program: String, with script: String) throws -> String {
        let place = folder.path("programs \(program)")
        mkdir(place, 0o755)
        for name in ClientPrograms.needed where name != program {
            symlink(server.binaries.path(name), "\(place)/\(name)")
        }
        let real = server.binaries.path(program)
        let text = "#!/bin/sh\n[ \"$1\" = --version ] && exec '\(real)' --version\n\(script)\n"
        try Folders.write(text, to: "\(place)/\(program)", owner: nil)
        chmod("\(place)/\(program)", 0o755)
        return place
    }

    /// Takes a dump; blocks.
    @discardableResult
    func dump(
        _ request: DumpRequest? = nil,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter? = nil
    ) throws -> DumpResult {
        let request = request ?? self.request()
        return try DatabaseDump(request, to: repository, cancellation: cancellation, progress: progress).run()
    }

    /// Takes a dump that must fail; blocks.
    func failure(
        _ request: DumpRequest? = nil,
        cancellation: CancellationFlag = CancellationFlag()
    ) throws -> any Error {
        do {
            let result = try dump(request, cancellation: cancellation)
            throw TestSupportError("the dump \(result.id) succeeded")
        } catch let error as TestSupportError {
            throw error
        } catch {
            return error
        }
    }

    /// Writes a file of a backup to a path.
    func write(_ file: String, of manifest: BackupManifest, to path: String) throws {
        let reader = try BackupFileReader(repository: repository, manifest: manifest)
        let target = try OpenFile.open(path, O_WRONLY | O_CREAT | O_EXCL)
        try reader.copy(file, to: { try target.write($0) })
    }

    /// What pg_restore lists of a dump.
    func contents(of manifest: BackupManifest) throws -> String {
        let path = folder.path("list-\(manifest.id)")
        try write(DumpFacts.standardFile, of: manifest, to: path)
        return try Program.check(server.binaries.path("pg_restore"), ["--list", path])
    }

    /// Restores a dump into a database that is made for it.
    func restore(_ manifest: BackupManifest, into database: String) throws {
        let path = folder.path("restore-\(manifest.id)")
        try write(DumpFacts.standardFile, of: manifest, to: path)
        try server.execute("CREATE DATABASE \(SetupSQL.identifier(database)) TEMPLATE template0")
        var connection = connection(database, user: "postgres")
        connection.applicationName = "test"
        try Program.check(
            server.binaries.path("pg_restore"),
            ["--exit-on-error", "--dbname=\(connection.databaseArgument)", path],
            environment: ["PGHOST": server.socketDirectory, "PGPORT": "\(server.port)", "PGUSER": "postgres"]
        )
    }

    /// The rows of some tables, as one text.
    func rows(_ database: String) throws -> String {
        try server.psql(
            """
            SELECT md5(string_agg(t::text, ',' ORDER BY t::text)), count(*) FROM ligne_depot t;
            SELECT md5(string_agg(t::text, ',' ORDER BY t::text)), count(*) FROM sales t;
            SELECT md5(string_agg(t::text, ',' ORDER BY t::text)), count(*) FROM users t;
            """,
            database: database
        )
    }

    /// Waits until pg_dump's session waits for a lock.
    func waitForLock() throws {
        try server.waitUntil(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name ~ '^recyclicd 2' AND wait_event_type = 'Lock'"
        )
    }

    /// Holds a table locked while a body runs.
    func locking(_ table: String, in database: String = "recyclic", _ body: () throws -> Void) throws {
        let connection = try BlockingConnection.connect(connection(database, user: "postgres"))
        try connection.simpleQuery("BEGIN; LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
        try body()
        if connection.isUsable { _ = try? connection.simpleQuery("ROLLBACK") }
    }
}
