import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// Getting a database back from a dump, with the real programs and a real server.
@Suite(.serialized)
struct DumpRestoreCommandTests {
    private static let password = "geheim-4711"

    @Test
    func `from a dump to a drill, a plain file, a new database, and a replaced one`() async throws {
        let scene = try await Scene.make(["DUMP_DATABASES": "recyclic"])
        let (daemon, server) = (scene.daemon, scene.server)
        let rows = try await Scene.fingerprint(server)
        let output = try await daemon.json("trigger-backup", "--kind", "dump")
        let id = try #require(output["backup"]?["id"]?.stringValue)
        let drill = try #require(try await daemon.json("drill", id)["report"])
        #expect(drill["verdict"]?.stringValue == "passed", "\(drill)")
        let phases = drill["phases"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
        #expect(phases == ["initialize", "boot", "load", "checks", "stop"])
        #expect(try await daemon.ctl("backups").output.contains("proved by a drill"))

        // The rest goes without a daemon.
        try await daemon.stop()
        let config = ["--config", daemon.configuration]
        let plain = daemon.folder.path("plain.dump")
        let exported = try await daemon.ctl(["export", id, "--to", plain] + config)
        #expect(exported.status == 0 && exported.output.contains("pg_restore"), "\(exported.output)\(exported.errors)")
        let list = try await onOwnThread { try Program.check(server.binaries.path("pg_restore"), ["--list", plain]) }
        #expect(list.contains("TABLE DATA public ticket"))
        let again = try await daemon.ctl(["export", id, "--to", plain, "--json"] + config)
        #expect(again.status == 1)
        #expect(try JSONValue(parsing: again.output).errorCode == "targetNotEmpty")
        let roles = try await daemon.ctl(["export", id, "--globals", "--to", "-"] + config)
        #expect(roles.status == 0 && roles.output.contains("CREATE ROLE recyclic"), "\(roles.errors)")

        let written = try await daemon.ctl(
            ["export", id, "--globals", "--to", daemon.folder.path("roles.sql")] + config
        )
        #expect(
            written.status == 0 && written.output.contains("only the lines of those that it lacks"),
            "\(written.output)"
        )

        let url = "postgresql://postgres@localhost/restored?host=\(server.socketDirectory)&port=\(server.port)"
        let preview = try await daemon.ctl(["restore", id, "--into", url, "--preview"] + config)
        #expect(preview.status == 0 && preview.output.contains("a new database"), "\(preview.output)\(preview.errors)")
        let restored = try await daemon.ctl(["restore", id, "--into", url] + config)
        #expect(restored.status == 0, "\(restored.output)\(restored.errors)")
        let copy = try await onOwnThread {
            try server.psql(
                "SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY id)) FROM ticket t",
                database: "restored"
            )
        }
        #expect(copy == rows)
        let refused = try await daemon.ctl(["restore", id, "--into", url] + config)
        #expect(refused.status == 1 && refused.errors.contains("--replace"), "\(refused.output)\(refused.errors)")

        try await onOwnThread { try server.execute("DELETE FROM ticket", database: "recyclic") }
        let original = url.replacingOccurrences(of: "/restored?", with: "/recyclic?")
        let replaced = try await daemon.ctl(["restore", id, "--into", original, "--replace", "--json"] + config)
        let answer = try JSONValue(parsing: replaced.output)
        #expect(replaced.status == 0, "\(replaced.output)\(replaced.errors)")
        #expect(try await Scene.fingerprint(server) == rows)
        let saved = try #require(answer["savedAs"]?.stringValue)
        try await daemon.start()
        let backups = try await daemon.json("backups")["backups"]?.arrayValue ?? []
        let dump = backups.first { $0["id"]?.stringValue == saved }
        #expect(dump?["pinned"]?.boolValue == true && dump?["database"]?.stringValue == "recyclic", "\(backups)")
        try await daemon.expectAllIsGood()
        try await scene.end()
    }

    @Test
    func `wrong input is refused in one sentence`() async throws {
        let scene = try await Scene.make(["DUMP_DATABASES": "recyclic"])
        let daemon = scene.daemon
        let base = try #require(try await daemon.backUp()["id"]?.stringValue)
        let dump = try #require(try await daemon.json("trigger-backup", "--kind", "dump")["backup"]?["id"]?.stringValue)
        let folder = daemon.folder.path("folder")
        let cases: [([String], Int32, String)] = [
            (["restore", dump], 2, "--into URL"),
            (["restore", dump, "--to", folder, "--into", "postgresql:///x"], 2, "either"),
            (["restore", base, "--to", folder, "--replace"], 2, "go with --into"),
            (["restore", dump, "--into", "postgresql:///x", "--force"], 2, "goes with --replace"),
            (["restore", "--into", "postgresql:///x"], 2, "--into needs the id of a dump"),
            (["restore", "latest", "--into", "postgresql:///x"], 2, "--into needs the id of a dump"),
            (["restore", dump, "--to", folder], 1, "is a dump"),
            (["restore", base, "--into", "postgresql:///x"], 1, "base backup"),
            (["export", base, "--to", folder], 1, "base backup"), (["export", "2000", "--to", folder], 1, "no backup"),
            (["restore", dump, "--into", "mysql://u@h/d"], 1, "mysql"),
            (["restore", dump, "--into", "env:NO_SUCH"], 1, "NO_SUCH"),
            (["restore", dump, "--into", "postgresql:///recyclic"], 1, "not create databases"),
        ]
        for (arguments, code, text) in cases {
            let result = try await daemon.offline(arguments)
            #expect(
                result.status == code && result.errors.contains(text),
                "\(arguments): \(result.status) \(result.errors)"
            )
        }
        // The client says it as well, without the daemon's program.
        let client = try await daemon.ctl("restore", "--into", "postgresql:///x", "--replace")
        #expect(client.status == 2 && client.errors.contains("--into needs the id of a dump"), "\(client.errors)")
        try await scene.end()
    }

    @Test
    func `run by root, it connects as the repository's owner would, without what is in root's home`() async throws {
        let files = try TemporaryDirectory(prefix: "rt")
        let (certificate, key) = (files.path("certificate.pem"), files.path("key.pem"))
        try await onOwnThread {
            try Program.check(
                "openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout",
                    key,
                    "-out", certificate,
                ]
            )
            if let user = try ServerUser.find() { try Program.check("chown", ["\(user.uid)", key]) }
        }
        let server = try await PrivatePostgres.started {
            $0.listensOnTCP = true
            $0.authentication = .custom(
                "local all all trust\nlocal replication all trust\nhostssl all all 127.0.0.1/32 trust\n"
            )
            $0.settings = ["ssl": "on", "ssl_cert_file": certificate, "ssl_key_file": key]
        }
        let repository = files.path("repository")
        // Nobody else can look into this one, be it only to find that nothing is there.
        let home = files.path("home")
        #expect(mkdir(home, 0o700) == 0)
        let daemon = try DaemonUnderTest(
            [
                "POSTGRES_HOST": server.socketDirectory, "POSTGRES_PORT": "\(server.port)",
                "DUMP_DATABASES": "recyclic",
                "BACKUP_REPOSITORY": repository,
            ],
            variables: ["HOME": home]
        )
        let scene = Scene(server: server, daemon: daemon)
        try await scene.setUp()
        try await daemon.start()
        let dump = try #require(try await daemon.json("trigger-backup", "--kind", "dump")["backup"]?["id"]?.stringValue)
        try await daemon.stop()
        if let user = try ServerUser.find() {
            _ = try await onOwnThread { try Program.check("chown", ["-R", "\(user.uid):\(user.gid)", repository]) }
        }
        for (database, mode) in [("one", "require"), ("two", "prefer")] {
            let url = "postgresql://postgres@127.0.0.1:\(server.port)/\(database)?sslmode=\(mode)"
            let result = try await daemon.offline("restore", dump, "--into", url, "--repository", repository)
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
        try await scene.end()
    }

    @Test
    func `Ctrl-C in the middle of a restore leaves the server as it was, and no program behind`() async throws {
        let scene = try await Scene.make(["DUMP_DATABASES": "recyclic"])
        let (daemon, server) = (scene.daemon, scene.server)
        try await onOwnThread {
            try server.execute(
                """
                CREATE FUNCTION waits() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
                    IF current_database() <> 'recyclic' THEN PERFORM pg_sleep(600); END IF; RETURN 1; END $$;
                CREATE MATERIALIZED VIEW tail AS SELECT waits();
                """,
                database: "recyclic"
            )
        }
        let dump = try #require(try await daemon.json("trigger-backup", "--kind", "dump")["backup"]?["id"]?.stringValue)
        let rows = try await Scene.fingerprint(server)
        // Its own sessions would be in the way.
        try await daemon.stop()
        let list = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"
        let before = try await onOwnThread { try server.psql(list) }
        let url = "postgresql://postgres@localhost/recyclic?host=\(server.socketDirectory)&port=\(server.port)"
        let (path, environment) = (try Programs.path("recyclicd"), daemon.environment)
        let child = try await onOwnThread {
            let null = open("/dev/null", O_RDWR | O_CLOEXEC)
            defer { close(null) }
            let arguments = ["restore", dump, "--into", url, "--replace", "--config", daemon.configuration]
            return try Program.start(path, arguments, input: null, output: null, errors: null, environment: environment)
        }
        let status = try await onOwnThread {
            try server.waitUntil("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            kill(child, SIGINT)
            var status: Int32 = 0
            waitpid(child, &status, 0)
            try server.waitUntil("SELECT count(*) = 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            return Program.exitCode(status)
        }
        #expect(status == 1)
        #expect(try await onOwnThread { try server.psql(list) } == before)
        #expect(try await Scene.fingerprint(server) == rows)
        try await daemon.start()
        try await daemon.expectAllIsGood()
        try await scene.end()
    }

    @Test
    func `a password in a URL shows in no process's arguments`() async throws {
        let scene = try await Scene.make(["DUMP_DATABASES": "recyclic"])
        let (daemon, server) = (scene.daemon, scene.server)
        let dump = try #require(try await daemon.json("trigger-backup", "--kind", "dump")["backup"]?["id"]?.stringValue)
        let url =
            "postgresql://postgres:\(Self.password)@localhost/restored?host=\(server.socketDirectory)&port=\(server.port)"
        // The first statement of its kind waits for this, so that there is time to look.
        let holder = try await onOwnThread { try TableHolder("pg_catalog.pg_db_role_setting", of: server) }
        let (path, environment) = (try Programs.path("recyclicd"), daemon.environment)
        let child = try await onOwnThread {
            let null = open("/dev/null", O_RDWR | O_CLOEXEC)
            defer { close(null) }
            let arguments = ["restore", dump, "--into", url, "--config", daemon.configuration]
            return try Program.start(path, arguments, input: null, output: null, errors: null, environment: environment)
        }
        let isHidden = try await eventually {
            let line = (try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8)) ?? ""
            return line.contains("restored") && !line.contains(Self.password)
        }
        #expect(isHidden)
        holder.release()
        let status = try await onOwnThread {
            var status: Int32 = 0
            waitpid(child, &status, 0)
            return status
        }
        #expect(status == 0)
        try await scene.end()
    }
}
