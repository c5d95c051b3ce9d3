import Blocking
import Glibc
import PostgresClient
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("Restoring a dump into a database")
struct DumpRestoreTests {
    private static func options(_ bench: DumpBench, _ database: String) -> DumpRestoreOptions {
        var options = DumpRestoreOptions(connection: bench.connection(database, user: "postgres"))
        options.programs = bench.server.binaries.directory
        options.ingest = IngestOptions(workers: 2)
        return options
    }

    @discardableResult
    private static func restore(
        _ manifest: BackupManifest,
        _ bench: DumpBench,
        into database: String,
        cancellation: CancellationFlag = CancellationFlag(),
        _ change: (inout DumpRestoreOptions) -> Void = { _ in }
    ) throws -> DumpRestoreResult {
        var options = options(bench, database)
        change(&options)
        return try DumpRestore(bench.repository, manifest, options, cancellation: cancellation).perform()
    }

    private static func databases(_ bench: DumpBench) throws -> [String] {
        try bench.server.psql("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1").split(
            separator: "\n"
        )
        .map(String.init)
    }

    @Test("makes a new one with its owner, locale, settings and rights")
    func new() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.server.execute(
                """
                CREATE ROLE weigher LOGIN; ALTER DATABASE recyclic OWNER TO weigher;
                ALTER DATABASE recyclic SET search_path = public, "Odd; name";
                ALTER ROLE weigher IN DATABASE recyclic SET work_mem = '8MB';
                COMMENT ON DATABASE recyclic IS 'it''s ours'; ALTER DATABASE recyclic CONNECTION LIMIT 17;
                REVOKE ALL ON DATABASE recyclic FROM PUBLIC; GRANT CONNECT ON DATABASE recyclic TO recyclic WITH GRANT OPTION;
                """
            )
            let manifest = try bench.dump(bench.request(bench.connection(user: "postgres"))).manifest
            let preview = try DumpRestore(bench.repository, manifest, Self.options(bench, "a \"new\" one")).preview()
            #expect(preview.targetState == "absent" && preview.owner == "weigher" && preview.missingRoles.isEmpty)
            #expect(try Self.databases(bench) == ["postgres", "recyclic"])
            let result = try Self.restore(manifest, bench, into: "a \"new\" one")
            #expect(result.keptAs == nil && result.savedAs == nil && result.notes.isEmpty, "\(result.notes)")
            #expect(try bench.rows("a \"new\" one") == bench.rows("recyclic"))
            #expect(try Self.databases(bench) == ["a \"new\" one", "postgres", "recyclic"])
            let facts = """
                SELECT pg_get_userbyid(datdba), datconnlimit, shobj_description(oid, 'pg_database'), datcollate, datacl::text,
                       (SELECT string_agg(setrole::regrole::text || setconfig::text, ' ' ORDER BY 1) FROM pg_db_role_setting
                         WHERE setdatabase = d.oid)
                  FROM pg_database d WHERE datname =
                """
            let new = try bench.server.psql("\(facts) 'a \"new\" one'")
            #expect(try new == bench.server.psql("\(facts) 'recyclic'"), "\(new)")
            // Queries find their way at once.
            let counted = "SELECT reltuples > 0 FROM pg_class WHERE relname = 'ligne_depot'"
            #expect(try bench.server.psql(counted, database: "a \"new\" one") == "t")
        }
    }

    @Test("refuses one that is not empty, fills one that is, and replaces one that was dumped before")
    func replace() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let manifest = try bench.dump().manifest
            let before = try bench.rows("recyclic")
            try bench.server.execute("DELETE FROM ligne_depot; CREATE TABLE mine AS SELECT 1", database: "recyclic")
            let damaged = try bench.rows("recyclic")
            let refused = #expect(throws: RestoreError.self) { try Self.restore(manifest, bench, into: "recyclic") }
            #expect(refused?.kind == .targetNotEmpty && refused?.hint?.contains("--replace") == true)

            try bench.server.execute("CREATE DATABASE empty")
            let filled = try Self.restore(manifest, bench, into: "empty")
            #expect(filled.keptAs == nil && filled.savedAs == nil)
            #expect(try bench.rows("empty") == before)

            // Somebody is connected.
            let guest = try BlockingConnection.connect(bench.connection(user: "postgres"))
            let inUse = #expect(throws: BackupError.self) {
                try Self.restore(manifest, bench, into: "recyclic") { $0.replaces = true }
            }
            #expect(
                inUse?.code == "databaseInUse" && inUse?.message.contains("\(guest.backendPID)") == true,
                "\(inUse?.message ?? "")"
            )
            #expect(try bench.rows("recyclic") == damaged)
            let result = try Self.restore(manifest, bench, into: "recyclic") {
                $0.replaces = true
                $0.endsSessions = true
            }
            #expect(throws: PostgresError.self) { try guest.query("SELECT 1") }
            #expect(try bench.rows("recyclic") == before)
            let kept = try #require(result.keptAs)
            #expect(try bench.rows(kept) == damaged)
            #expect(try Self.databases(bench) == ["empty", "postgres", "recyclic", kept].sorted())
            // What was replaced is in the repository too, and stays there.
            let saved = try bench.repository.listing().resolve(try #require(result.savedAs))
            #expect(saved.marks.isPinned && saved.summary.database == "recyclic")
            try bench.restore(bench.repository.manifest(object: saved.summary.object), into: "from dump")
            #expect(try bench.rows("from dump") == damaged)
        }
    }

    @Test("leaves all as it was when it fails in the middle or is cancelled")
    func failure() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            // A view of what a restore does not find: the system's own is not dumped.
            try bench.server.execute(
                """
                CREATE FUNCTION fails() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
                    IF current_database() <> 'recyclic' THEN RAISE 'not here'; END IF; RETURN 1; END $$;
                CREATE MATERIALIZED VIEW tail AS SELECT fails();
                """,
                database: "recyclic"
            )
            let manifest = try bench.dump().manifest
            let before = try bench.rows("recyclic")
            let failed = #expect(throws: BackupError.self) {
                try Self.restore(manifest, bench, into: "recyclic") { $0.replaces = true }
            }
            #expect(
                failed?.code == "restoreFailed" && failed?.message.contains("not here") == true,
                "\(failed?.message ?? "")"
            )
            #expect(try Self.databases(bench) == ["postgres", "recyclic"])
            #expect(try bench.rows("recyclic") == before)

            try bench.server.execute("DROP MATERIALIZED VIEW tail", database: "recyclic")
            let good = try bench.dump().manifest
            let cancellation = CancellationFlag()
            cancellation.cancel()
            #expect(throws: CancellationError.self) {
                try Self.restore(good, bench, into: "new", cancellation: cancellation)
            }
            #expect(try Self.databases(bench) == ["postgres", "recyclic"])
            // What a killed one left goes with the next.
            try bench.server.execute(
                "CREATE DATABASE recyclic_restore_x; COMMENT ON DATABASE recyclic_restore_x IS 'half-restored by recyclicd; it can be dropped'"
            )
            try bench.server.execute("CREATE DATABASE recyclic_restore_mine")
            try Self.restore(good, bench, into: "new")
            #expect(try Self.databases(bench) == ["new", "postgres", "recyclic", "recyclic_restore_mine"])
        }
    }

    @Test("names roles that are missing, and goes without them when told to")
    func roles() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.server.execute("CREATE ROLE weigher; ALTER DATABASE recyclic OWNER TO weigher")
            try bench.server.execute("ALTER TABLE sales OWNER TO weigher", database: "recyclic")
            let manifest = try bench.dump().manifest
            let other = try DumpBench { $0.isUnique = true }
            try other.server.execute("CREATE ROLE restorer LOGIN CREATEDB; CREATE ROLE stranger LOGIN")
            var options = DumpRestoreOptions(connection: other.connection("copy", user: "restorer"))
            options.programs = other.server.binaries.directory
            let missing = #expect(throws: BackupError.self) {
                try DumpRestore(bench.repository, manifest, options).perform()
            }
            #expect(missing?.code == "rolesMissing" && missing?.message.contains("weigher") == true)
            #expect(missing?.hint?.contains("--globals") == true && missing?.hint?.contains("--no-owner") == true)
            // All of that file would set the passwords of the roles that are there back.
            #expect(missing?.hint?.contains("run only their lines") == true, "\(missing?.hint ?? "")")
            options.withoutOwners = true
            _ = try DumpRestore(bench.repository, manifest, options).perform()
            #expect(try other.rows("copy") == bench.rows("recyclic"))
            #expect(
                try other.server.psql("SELECT tableowner FROM pg_tables WHERE tablename = 'sales'", database: "copy")
                    == "restorer"
            )
            options.connection.user = "stranger"
            options.connection.database = "another"
            let refused = #expect(throws: BackupError.self) {
                try DumpRestore(bench.repository, manifest, options).perform()
            }
            #expect(refused?.hint?.contains("CREATEDB") == true)
            let base = try BaseBackup(
                BaseBackupRequest(connection: bench.connection("postgres", user: "postgres")),
                to: bench.repository
            )
            .run().manifest
            let wrongKind = #expect(throws: RestoreError.self) { try DumpRestore(bench.repository, base, options) }
            #expect(wrongKind?.hint?.contains("--to DIR") == true)
        }
    }

    @Test("names tablespaces that are missing, and goes without them when told to")
    func tablespaces() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let place = bench.folder.path("fast")
            try Program.check("mkdir", [place])
            if let user = bench.server.user { try Program.check("chown", [user.name, place]) }
            try bench.server.execute("CREATE TABLESPACE \"fast; disk\" LOCATION '\(place)'")
            try bench.server.execute("ALTER TABLE sales SET TABLESPACE \"fast; disk\"", database: "recyclic")
            var manifest = try bench.dump().manifest
            #expect(manifest.dump?.properties?.tablespaces == ["fast; disk"])
            // Where it is, it is used.
            try Self.restore(manifest, bench, into: "here")
            let placed = "SELECT count(*) FROM pg_class WHERE relname = 'sales' AND reltablespace <> 0"
            #expect(try bench.server.psql(placed, database: "here") == "1")

            let other = try DumpBench { $0.isUnique = true }
            try other.server.execute("CREATE ROLE recyclic")
            var options = Self.options(other, "copy")
            let preview = try DumpRestore(bench.repository, manifest, options).preview()
            #expect(preview.missingTablespaces == ["fast; disk"])
            let missing = #expect(throws: BackupError.self) {
                try DumpRestore(bench.repository, manifest, options).perform()
            }
            #expect(missing?.code == "tablespacesMissing" && missing?.message.contains("\"fast; disk\"") == true)
            #expect(missing?.hint?.contains("--no-tablespaces") == true)
            // An older dump does not tell what it needs; pg_restore does.
            manifest.dump?.properties?.tablespaces = nil
            let late = #expect(throws: BackupError.self) {
                try DumpRestore(bench.repository, manifest, options).perform()
            }
            #expect(
                late?.code == "restoreFailed" && late?.hint?.contains("--no-tablespaces") == true,
                "\(late?.hint ?? "")"
            )
            options.withoutTablespaces = true
            _ = try DumpRestore(bench.repository, manifest, options).perform()
            #expect(try other.rows("copy") == bench.rows("recyclic"))
            #expect(try other.server.psql(placed, database: "copy") == "0")
        }
    }

    @Test("is not needed to get a plain file, which replaces nothing and is there whole or not at all")
    func export() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let manifest = try bench.dump().manifest
            let path = bench.folder.path("plain.dump")
            let size = try DumpExport(bench.repository, manifest).write(to: path)
            var status = stat()
            #expect(stat(path, &status) == 0 && Int64(status.st_size) == size && status.st_mode & 0o777 == 0o600)
            let list = try Program.check(bench.server.binaries.path("pg_restore"), ["--list", path])
            #expect(list.contains("TABLE DATA public ligne_depot"))
            let exists = #expect(throws: RestoreError.self) {
                try DumpExport(bench.repository, manifest).write(to: path)
            }
            #expect(exists?.kind == .targetNotEmpty)
            let cancellation = CancellationFlag()
            cancellation.cancel()
            #expect(throws: CancellationError.self) {
                try DumpExport(bench.repository, manifest, cancellation: cancellation).write(
                    to: bench.folder.path("never")
                )
            }
            _ = try DumpExport(bench.repository, manifest, .globals).write(to: bench.folder.path("roles.sql"))
            let names = try Folders.names(in: bench.folder.path)
            #expect(names.sorted() == ["plain.dump", "repository", "roles.sql"], "\(names)")
        }
    }
}
