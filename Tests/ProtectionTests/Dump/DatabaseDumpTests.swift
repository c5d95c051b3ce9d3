import Blocking
import PostgresClient
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("Dumps of a database")
struct DatabaseDumpTests {
    @Test("hold all of it, and what is recorded is what the server says")
    func whole() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.server.execute(
                """
                CREATE ROLE "weigher's" LOGIN PASSWORD 'geheim'; CREATE ROLE nobody_else;
                ALTER DATABASE recyclic SET search_path = app, public;
                ALTER ROLE "weigher's" IN DATABASE recyclic SET work_mem = '8MB';
                COMMENT ON DATABASE recyclic IS 'recycling';
                REVOKE ALL ON DATABASE recyclic FROM PUBLIC; GRANT CONNECT ON DATABASE recyclic TO "weigher's", recyclic;
                """
            )
            try bench.server.execute(
                "CREATE EXTENSION amcheck; SELECT lo_from_bytea(0, 'picture')",
                database: "recyclic"
            )
            try bench.server.execute(
                "DO 'BEGIN EXECUTE (SELECT ''GRANT SELECT ON LARGE OBJECT '' || oid || '' TO recyclic'' FROM pg_largeobject_metadata); END'",
                database: "recyclic"
            )
            let before = UTCTime.now
            let result = try bench.dump()
            let manifest = result.manifest
            #expect(manifest.kind == .dump && manifest.wal == nil && result.findings.isEmpty)
            #expect(try bench.repository.manifest(named: manifest.id.description) == manifest)
            let point = try #require(manifest.stoppedAt)
            #expect(before <= point && point <= manifest.finishedAt)
            let facts = try #require(manifest.dump)
            #expect(facts.database == "recyclic" && facts.encoding == "UTF8" && facts.holdsRolePasswords)
            #expect(facts.databaseBytes ?? 0 > 1 << 20 && facts.largeObjectsLeftOut == 0)
            let major = try bench.majorVersion()
            #expect(facts.programVersion.hasPrefix("\(major)."))
            let properties = try #require(facts.properties)
            #expect(properties.owner == "postgres" && properties.comment == "recycling")
            #expect(properties.settings.contains(.init(role: nil, name: "search_path", value: "app, public")))
            #expect(properties.settings.contains(.init(role: "weigher's", name: "work_mem", value: "8MB")))
            #expect(properties.privileges?.contains { $0.role == "weigher's" && $0.privilege == "CONNECT" } == true)
            #expect(properties.privileges?.contains { $0.role == nil } == false)
            #expect(properties.roles.contains("weigher's") && !properties.roles.contains("nobody_else"))
            let tables = try bench.server.psql(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
                database: "recyclic"
            )
            #expect("\(properties.tables)" == tables)
            #expect(manifest.server.version.hasPrefix("\(major)."))
            #expect(
                manifest.server.databases.first { $0.name == "recyclic" }?.extensions?.map(\.name).contains("amcheck")
                    == true
            )

            let list = try bench.contents(of: manifest)
            #expect(list.contains("TABLE DATA public ligne_depot") && list.contains("BLOB"))
            #expect(list.contains("Compression: 0") || list.contains("Compression: none"))
            try bench.restore(manifest, into: "copy")
            #expect(try bench.rows("copy") == bench.rows("recyclic"))
            let globals = bench.folder.path("globals.sql")
            try bench.write(DumpFacts.standardGlobalsFile, of: manifest, to: globals)
            let text = try Program.check("cat", [globals])
            #expect(text.contains("CREATE ROLE \"weigher's\";") && text.contains("SCRAM"))
        }
    }

    @Test("have any name that a database can have, and any owner")
    func names() async throws {
        let names = [
            "-v", "--help", "it's", #"say "hi""#, "dbname=postgres", "postgresql://x/y", #"back\slash"#, "Tÿpüt é日本",
            "$HOME;ls",
            " spaced ",
        ]
        try await blocking {
            let bench = try DumpBench()
            try bench.server.execute("CREATE ROLE recyclic LOGIN PASSWORD 'geheim'")
            for (number, name) in names.enumerated() {
                try bench.server.execute("CREATE DATABASE \(SetupSQL.identifier(name)) OWNER recyclic")
                let connection = try BlockingConnection.connect(bench.connection(name))
                try connection.simpleQuery(
                    "CREATE SCHEMA app; CREATE TABLE app.ticket AS SELECT g FROM generate_series(1, 9) g"
                )
                let manifest = try bench.dump(bench.request(bench.connection(name))).manifest
                #expect(manifest.dump?.database == name)
                #expect(try bench.repository.backups().last?.summary.database == name)
                try bench.restore(manifest, into: "copy \(number)")
                #expect(try bench.server.psql("SELECT sum(g) FROM app.ticket", database: "copy \(number)") == "45")
                // An owner's rights end at the passwords' hashes.
                #expect(manifest.dump?.holdsRolePasswords == false)
                let globals = bench.folder.path("globals-\(number).sql")
                try bench.write(DumpFacts.standardGlobalsFile, of: manifest, to: globals)
                let text = try Program.check("cat", [globals])
                #expect(text.contains("CREATE ROLE recyclic;") && !text.contains("SCRAM"), "\(text)")
            }
        }
    }

    @Test("add little when little has changed, each database by itself")
    func second() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill(tickets: 4000)
            try bench.fill("other", tickets: 20)
            let first = try bench.dump().manifest
            try bench.dump(bench.request(bench.connection("other")))
            try bench.server.execute(
                "UPDATE ligne_depot SET notes = 'x' WHERE id = (SELECT min(id::text)::uuid FROM ligne_depot)",
                database: "recyclic"
            )
            let second = try bench.dump().manifest
            #expect(second.sizes.addedBytes * 4 < first.sizes.addedBytes, "\(first.sizes) \(second.sizes)")
            try bench.restore(second, into: "copy")
            #expect(try bench.rows("copy") == bench.rows("recyclic"))
        }
    }

    @Test("leave large objects out that the role may not read, and say so")
    func largeObjects() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.server.execute(
                "SELECT lo_from_bytea(0, 'picture'), lo_from_bytea(0, 'another')",
                database: "recyclic"
            )
            let result = try bench.dump()
            #expect(result.manifest.dump?.largeObjectsLeftOut == 2)
            let finding = try #require(result.findings.first)
            #expect(finding.code == "largeObjectsLeftOut" && finding.message.contains("GRANT SELECT ON LARGE OBJECT"))
            #expect(try !bench.contents(of: result.manifest).contains("BLOB"))
            let whole = try bench.dump(bench.request(bench.connection(user: "postgres")))
            #expect(whole.findings.isEmpty && whole.manifest.dump?.holdsRolePasswords == true)
            #expect(try bench.contents(of: whole.manifest).contains("BLOB"))
        }
    }

    @Test("are in the database's encoding, whatever the daemon's environment says")
    func environment() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            let request = bench.request {
                $0.environment = ["PGCLIENTENCODING": "LATIN1", "PG_COLOR": "always", "PGOPTIONS": "-c nonsense=1"]
            }
            let manifest = try bench.dump(request).manifest
            let path = bench.folder.path("plain")
            try bench.write(DumpFacts.standardFile, of: manifest, to: path)
            let script = try Program.check(
                bench.server.binaries.path("pg_restore"),
                ["--schema-only", "--file=-", path]
            )
            #expect(script.contains("SET client_encoding = 'UTF8'") && manifest.dump?.encoding == "UTF8")
        }
    }

    @Test("keep what the programs warn of, and are whole with that")
    func warnings() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            // The server tells each session of it.
            try bench.server.execute("UPDATE pg_database SET datcollversion = '0.1' WHERE datname = 'recyclic'")
            let script =
                "echo 'pg_dump: warning: it is late' >&2; exec '\(bench.server.binaries.path("pg_dump"))' \"$@\""
            let programs = try bench.programs(replacing: "pg_dump", with: script)
            let manifest = try bench.dump(bench.request { $0.programs = programs }).manifest
            let messages = manifest.findings.map(\.message)
            #expect(messages.first == "pg_dump warned: it is late" && messages.count == 2, "\(messages)")
            #expect(messages.last?.contains("version") == true, "\(messages)")
            #expect(manifest.findings.allSatisfy { $0.code == "programWarning" } && manifest.defects.isEmpty)
            let summary = try #require(try bench.repository.backups().last?.summary)
            #expect(summary.findings == 2 && summary.defects == 0)
            try bench.restore(manifest, into: "copy")
            #expect(try bench.rows("copy") == bench.rows("recyclic"))
        }
    }

    @Test("say which roles they need and do not have")
    func missingRoles() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.server.execute("CREATE ROLE weigher")
            try bench.server.execute("ALTER TABLE sales OWNER TO weigher", database: "recyclic")
            #expect(try bench.dump().findings.isEmpty)
            let done = BlockingQueue<Result<DumpResult, any Error>>(capacity: 1)
            try bench.locking("users") {
                startThread("dump") { done.put(Result { try bench.dump() }) }
                try bench.waitForLock()
                try bench.server.execute("ALTER ROLE weigher RENAME TO porter")
            }
            let manifest = try #require(done.take()).get().manifest
            #expect(manifest.defects.map(\.code) == ["rolesMissing"], "\(manifest.findings)")
            #expect(manifest.defects.first?.message.contains("\"weigher\"") == true)
        }
    }

    @Test("find roles in the globals of a database in another encoding")
    func encodedRoles() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.server.execute("CREATE ROLE \"g\u{e9}rant\"")
            try bench.server.execute(
                "CREATE DATABASE old ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0 OWNER \"g\u{e9}rant\""
            )
            let manifest = try bench.dump(bench.request { $0.connection = bench.connection("old", user: "postgres") })
                .manifest
            #expect(manifest.findings.isEmpty && manifest.dump?.encoding == "LATIN1", "\(manifest.findings)")
        }
    }

    @Test("are of one moment: what is committed while pg_dump works is not in them")
    func snapshot() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            try bench.server.execute("CREATE TABLE last (id int); INSERT INTO last VALUES (1)", database: "recyclic")
            let done = BlockingQueue<Result<DumpResult, any Error>>(capacity: 1)
            try bench.locking("alembic_version") {
                startThread("dump") { done.put(Result { try bench.dump() }) }
                try bench.waitForLock()
                try bench.server.execute(
                    "INSERT INTO last VALUES (2); CREATE TABLE later (id int)",
                    database: "recyclic"
                )
            }
            let manifest = try #require(done.take()).get().manifest
            try bench.restore(manifest, into: "copy")
            #expect(try bench.server.psql("SELECT count(*) FROM last", database: "copy") == "1")
            #expect(try bench.server.psql("SELECT to_regclass('later') IS NULL", database: "copy") == "t")
        }
    }
}
