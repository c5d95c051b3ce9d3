import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// A server with data and the role of setup-sql, and a daemon that protects it.
struct Scene {
    let server: PrivatePostgres
    let daemon: DaemonUnderTest

    /// Makes both and starts them.
    ///
    /// - Parameters:
    ///   - megabytes: How much there is to back up beside the empty cluster, in data that does not compress.
    ///   - syncs: Whether the server syncs to disk.
    ///   - settings: More lines of the configuration.
    static func make(
        megabytes: Int = 0,
        syncs: Bool = false,
        _ settings: [String: String] = [:]
    ) async throws -> Scene {
        let server = try await PrivatePostgres.started { $0.syncs = syncs }
        var all = ["POSTGRES_HOST": server.socketDirectory]
        all.merge(settings) { $1 }
        let daemon = try DaemonUnderTest(all)
        let scene = Scene(server: server, daemon: daemon)
        try await scene.setUp()
        if megabytes > 0 { try await scene.fill(megabytes: megabytes) }
        try await daemon.start()
        return scene
    }

    /// Makes both, with a proxy between them that a test can stall and cut, and starts them.
    static func makeBehindProxy(megabytes: Int) async throws -> (Scene, StallingProxy) {
        let server = try await PrivatePostgres.started { $0.listensOnTCP = true }
        let proxy = try StallingProxy(to: server.port)
        let daemon = try DaemonUnderTest(["POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "\(proxy.port)"])
        let scene = Scene(server: server, daemon: daemon)
        try await scene.setUp()
        try await scene.fill(megabytes: megabytes)
        // Questions that are under way when the link goes are lost with it.
        daemon.expectError("the server can't be reached")
        try await daemon.start()
        return (scene, proxy)
    }

    /// Makes the database and the role.
    func setUp() async throws {
        let sql = try await daemon.offline("setup-sql")
        #expect(sql.status == 0, "\(sql.errors)")
        let server = server
        try await onOwnThread {
            try server.execute("CREATE DATABASE recyclic")
            try server.execute(sql.output, database: "recyclic")
            try server.execute(
                "CREATE TABLE ticket AS SELECT i AS id, 'ticket ' || i AS text FROM generate_series(1, 5000) i",
                database: "recyclic"
            )
        }
    }

    /// Adds a table of rows that can't be made smaller.
    func fill(megabytes: Int) async throws {
        let server = server
        // A row of 15 digests and its header takes about 1 kB.
        try await onOwnThread {
            try server.execute(
                """
                CREATE TABLE IF NOT EXISTS filling (id bigserial, bytes bytea);
                ALTER TABLE filling ALTER bytes SET STORAGE PLAIN;
                INSERT INTO filling (bytes)
                SELECT (SELECT string_agg(sha512((clock_timestamp() || ':' || i || ':' || j)::bytea), '')
                        FROM generate_series(1, 15) j)
                FROM generate_series(1, \(megabytes * 1024)) i;
                CHECKPOINT
                """,
                database: "recyclic"
            )
        }
    }

    /// Rows and a digest of them.
    static func fingerprint(_ server: PrivatePostgres) async throws -> String {
        try await onOwnThread {
            try server.psql(
                "SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY id)) FROM ticket t",
                database: "recyclic"
            )
        }
    }

    /// Restores a backup, boots a server on it and gives the fingerprint of its rows.
    func fingerprint(restoring backup: String) async throws -> String {
        let target = try TemporaryDirectory(prefix: "rr")
        let result = try await daemon.ctl(
            "restore",
            backup,
            "--to",
            target.path("data"),
            "--config",
            daemon.configuration
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let restored = try await onOwnThread { try PrivatePostgres.start(on: target.path("data")) }
        let fingerprint = try await Self.fingerprint(restored)
        try await onOwnThread { try restored.stop(.immediate) }
        return fingerprint
    }

    /// Ends the daemon, and the server after it.
    func end() async throws {
        try await daemon.stop()
        let server = server
        try await onOwnThread { try server.stop(.immediate) }
    }
}

extension JSONValue {
    /// The ids of `{"backups": […]}`.
    var backupIDs: [String] {
        self["backups"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
    }

    /// The error's code in what `--json` printed.
    var errorCode: String? { self["error"]?["code"]?.stringValue }
}
