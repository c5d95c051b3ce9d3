import Blocking
import FoundationEssentials
import Glibc
import PostgresClient
import Repository
import TestSupport

@testable import Protection

/// A server with some of everything, a repository, and base backups of the one in the other.
final class RestoreFixture: Sendable {
    let scratch: TemporaryDirectory
    let source: PrivatePostgres
    let repository: Repository

    /// - Parameter change: Changes the source's options.
    init(_ change: (inout PrivatePostgres.Options) -> Void = { _ in }) throws {
        scratch = try TemporaryDirectory(prefix: "rr")
        source = try PrivatePostgres(PrivatePostgres.Options(change))
        repository = try Repository.create(at: scratch.path("repository"))
    }

    /// Tables of several kinds, with indexes, a TOAST table, a materialised view, an unlogged table, another database.
    func fill() throws {
        try source.execute(
            """
            CREATE TABLE ticket (id bigint PRIMARY KEY, place text NOT NULL, weight numeric, at timestamptz);
            INSERT INTO ticket SELECT g, 'place ' || g % 97, g * 1.25, '2026-01-01'::timestamptz + g * interval '1 min'
                FROM generate_series(1, 20000) g;
            CREATE INDEX ON ticket (place, at);
            CREATE TABLE wide (id int PRIMARY KEY, body text);
            INSERT INTO wide SELECT g, string_agg(md5((g * 1000 + h)::text), '') FROM generate_series(1, 40) g,
                generate_series(1, 300) h GROUP BY g;
            CREATE MATERIALIZED VIEW place AS SELECT place, count(*) FROM ticket GROUP BY 1;
            CREATE UNLOGGED TABLE passing (id int);
            INSERT INTO passing VALUES (1);
            CREATE TABLE "odd ""name" (id int);
            INSERT INTO "odd ""name" VALUES (7);
            CHECKPOINT;
            """
        )
        try source.execute("CREATE DATABASE second")
        try source.execute("CREATE TABLE other AS SELECT g FROM generate_series(1, 500) g", database: "second")
    }

    /// Takes a base backup.
    ///
    /// - Parameter meanwhile: Runs while the server sends its files, slowly.
    func backUp(slowly meanwhile: (@Sendable () throws -> Void)? = nil) throws -> BackupManifest {
        let settings = ConnectionSettings(
            host: source.socketDirectory,
            port: source.port,
            user: "postgres",
            database: "postgres"
        )
        var request = BaseBackupRequest(connection: settings)
        guard let meanwhile else { return try BaseBackup(request, to: repository).run().manifest }
        request.maximumRateKiB = 8 << 10
        let progress = ProgressMeter()
        let done = BlockingQueue<(any Error)?>(capacity: 1)
        startThread("meanwhile") {
            progress.waitForPhase("copying")
            do {
                try meanwhile()
                done.put(nil)
            } catch {
                done.put(error)
            }
        }
        let manifest = try BaseBackup(request, to: repository, progress: progress).run().manifest
        if let error = done.take().flatMap({ $0 }) { throw error }
        return manifest
    }

    /// Restores a backup to a folder.
    @discardableResult
    func restore(
        _ manifest: BackupManifest,
        to target: String,
        tablespaces: [TablespaceMapping] = [],
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter = ProgressMeter()
    ) throws -> RestoreResult {
        let contents = try BackupContents(repository: repository, manifest: manifest)
        let restore = Restore(contents, options: RestoreOptions(target: target, tablespaces: tablespaces))
        return try restore.perform(restore.plan(), cancellation: cancellation, progress: progress)
    }

    /// The rows of all tables of all databases, as one text.
    static func rows(of server: PrivatePostgres) throws -> String {
        let first = """
            SELECT md5(string_agg(t::text, ',' ORDER BY id)), count(*) FROM ticket t;
            SELECT md5(string_agg(t::text, ',' ORDER BY id)), count(*) FROM wide t;
            SELECT md5(string_agg(t::text, ',' ORDER BY place)), count(*) FROM place t;
            SELECT * FROM "odd ""name";
            SELECT count(*) FROM ticket WHERE place = 'place 13' AND at < '2026-01-05';
            """
        let second = "SELECT sum(g), count(*) FROM other"
        return try server.psql(first) + "\n" + server.psql(second, database: "second")
    }

    /// What a folder holds, with each thing's times, so that a single write shows.
    static func snapshot(of folder: String) throws -> String {
        try Program.check("find", [folder, "-printf", "%p %i %y %s %T@ %C@ %m %l\n"])
            .split(separator: "\n").sorted().joined(separator: "\n")
    }

    /// The names beside and including a path in its folder.
    static func names(beside path: String) throws -> [String] {
        try Folders.names(in: Folders.parent(of: path)).sorted()
    }

    /// The packs of a kind, as paths.
    func packs(_ kind: PackKind) throws -> [String] {
        try repository.store.names(ObjectName.packs).filter { name in
            guard let digest = ObjectName.digest(of: name) else { return false }
            return try PackDirectory.read(digest, from: repository.store).kind == kind
        }
    }

    /// Changes one byte of an object.
    func damage(_ object: String, at offset: Int64) throws {
        let path = "\(repository.path)/\(object)"
        let file = try OpenFile.open(path, O_RDWR)
        var byte: UInt8 = 0
        _ = try withUnsafeMutableBytes(of: &byte) { try file.read(at: offset, into: $0) }
        byte ^= 0x55
        try withUnsafeBytes(of: byte) { try file.write($0, at: offset) }
    }
}
