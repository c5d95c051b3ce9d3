import Crypto
import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// Live reception statistics of the real daemon: over HTTP, over the control socket, and in what it says of itself.
@Suite(.serialized)
struct LiveStatisticsTests {
    private static let secret = "the-application's-key-0123456789"
    private static let path = "/api/v1/reception/stats/live"

    // MARK: - The scene

    /// A server with the application's sample, and a daemon whose role is that of setup-sql.
    private func scene(
        tickets: Int = 500,
        listensOnTCP: Bool = false,
        _ settings: [String: String] = [:]
    ) async throws -> (Scene, port: Int?) {
        let server = try await PrivatePostgres.started()
        let port = listensOnTCP ? try freePort() : nil
        var all = ["POSTGRES_HOST": server.socketDirectory, "SECRET_KEY": Self.secret]
        if let port { all["HTTP_LISTEN"] = "127.0.0.1:\(port)" }
        all.merge(settings) { $1 }
        let scene = Scene(server: server, daemon: try DaemonUnderTest(all))
        try await scene.setUp()
        try await onOwnThread { _ = try RecyclicSample.make(in: server, tickets: tickets, asOf: "now") }
        try await scene.daemon.start()
        return (scene, port)
    }

    private func get(
        _ place: HTTPProbe.Place,
        _ path: String,
        token: String? = nil,
        method: String = "GET"
    ) async throws -> HTTPProbe.Answer {
        try await onOwnThread {
            let probe = try HTTPProbe(place)
            let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
            probe.send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(authorization)Connection: close\r\n\r\n")
            return try #require(try probe.receive())
        }
    }

    private func token(_ user: String, secret: String = secret) -> String {
        func base64URL(_ bytes: some Sequence<UInt8>) -> String {
            Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=",
                with: ""
            )
        }
        let claims = #"{"sub":"\#(user)","exp":\#(Int(Date().timeIntervalSince1970) + 3600)}"#
        let signed = base64URL(#"{"alg":"HS256","typ":"JWT"}"#.utf8) + "." + base64URL(claims.utf8)
        let key = SymmetricKey(data: Data(secret.utf8))
        return signed + "." + base64URL(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key))
    }

    private func user(_ scene: Scene, _ condition: String) async throws -> String {
        let server = scene.server
        return try await onOwnThread {
            try server.psql("SELECT id FROM users WHERE \(condition) ORDER BY id LIMIT 1", database: "recyclic")
        }
    }

    private func sql(_ scene: Scene, _ text: String) async throws -> String {
        let server = scene.server
        return try await onOwnThread { try server.psql(text, database: "recyclic") }
    }

    // MARK: - Tests

    @Test
    func
        `an administrator's token gives the figures over TCP, each answer is as documented, and the token is in no log`()
        async throws
    {
        let (scene, port) = try await scene(listensOnTCP: true, ["LOG_LEVEL": "trace"])
        let place = HTTPProbe.Place.port(try #require(port))
        let admin = token(try await user(scene, "role = 'admin' AND is_active"))
        let other = token(try await user(scene, "role = 'user' AND is_active"))
        var answers: [(path: String, answer: HTTPProbe.Answer)] = []
        func ask(_ query: String = "", _ token: String? = nil, method: String = "GET") async throws -> Int {
            let answer = try await get(place, Self.path + query, token: token, method: method)
            answers.append((Self.path, answer))
            return answer.status
        }
        #expect(try await ask("", admin) == 200)
        let site = try await sql(scene, "SELECT id FROM sites ORDER BY id LIMIT 1")
        #expect(try await ask("?site_id=\(site)&fields=turnover_eur,weight_out", admin) == 200)
        #expect(try await ask("?site_id=\(site)", admin) == 422)
        #expect(try await ask() == 401)
        #expect(try await ask("", admin + "x") == 401)
        #expect(try await ask("", other) == 403)
        #expect(try await ask("", admin, method: "DELETE") == 405)
        answers.append(("/v1/reception/stats/live", try await get(place, "/v1/reception/stats/live", token: admin)))
        for path in ["/metrics", "/healthz", "/readyz"] { answers.append((path, try await get(place, path))) }

        // Without rights and without a database.
        _ = try await sql(scene, "GRANT SELECT (id, role, is_active) ON users TO recyclic")
        _ = try await sql(scene, "REVOKE pg_read_all_data FROM recyclic")
        #expect(try await ask("", admin) == 503)
        #expect(answers.last?.answer.body.contains(#"GRANT SELECT ON sales TO \"recyclic\";"#) == true)
        try scene.daemon.configure(
            [
                "POSTGRES_HOST": scene.server.socketDirectory, "HTTP_LISTEN": "127.0.0.1:\(port ?? 0)",
                "LOG_LEVEL": "trace",
            ]
        )
        #expect(try await scene.daemon.ctl("reload").output.contains("live reception statistics"))
        #expect(try await ask("", admin) == 503)
        #expect(answers.last?.answer.body.contains("SECRET_KEY is not set") == true)

        let problems = try await judge(answers)
        #expect(problems.status == 0, "\(problems.output)\(problems.errors)")
        #expect(problems.output.split(separator: "\n").count >= 10, "\(problems.output)")
        let log = scene.daemon.log
        #expect(log.contains("live stats") && log.contains("outcome=answered") && log.contains("outcome=forbidden"))
        for secret in [admin, other, Self.secret, "eyJ"] { #expect(!log.contains(secret)) }
        try await scene.end()
    }

    /// What another program finds of the answers, by the document.
    private func judge(_ answers: [(path: String, answer: HTTPProbe.Answer)]) async throws -> Program.Result {
        let values = answers.map { path, answer in
            JSONValue.object([
                "path": .string(path), "status": .integer(Int64(answer.status)), "body": .string(answer.body),
                "headers": .object(answer.headers.mapValues { .string($0) }),
            ])
        }
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let root = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let script = folder.appending(path: "openapi.py").path
        let document = root.appending(path: "docs/openapi.yaml").path
        let python = root.appending(path: ".build/venv/bin/python").path
        let input = JSONValue.array(values).description
        return try await onOwnThread { try Program.run(python, [script, document], input: input) }
    }

    @Test
    func `over the Unix socket the peer counts, and metrics and commands follow`() async throws {
        let (scene, _) = try await scene()
        let (daemon, place) = (scene.daemon, HTTPProbe.Place.socket(scene.daemon.httpSocket))
        // Asked by the daemon's own user.
        let answer = try await get(place, Self.path)
        #expect(answer.status == 200 && answer.headers["cache-control"] == "no-store")
        let stats = try await daemon.json("stats")
        #expect(stats["ticketsOpen"]?.integerValue.map { answer.body.contains("\"tickets_open\": \($0),") } == true)
        #expect(stats["semantics"] == "rolling-24h" && stats["enabled"] == true && stats["itemsReceived"] == nil)
        let text = try await daemon.ctl("stats")
        #expect(text.status == 0 && text.output.contains("tickets open") && text.output.contains("EUR"), "\(text)")

        let metrics = try await get(place, "/metrics").body
        #expect(metrics.contains("\nreception_live_stats_requests_total 3\n"), "\(metrics)")
        #expect(metrics.contains("\nreception_live_stats_errors_total 0\n"))
        #expect(metrics.contains("\nreception_live_stats_duration_seconds_bucket{le=\"+Inf\"} 3\n"))
        let verdict = try await onOwnThread { try Program.run("promtool", ["check", "metrics"], input: metrics) }
        #expect(verdict.status == 0 && verdict.output + verdict.errors == "", "\(verdict)")

        // The statements can be run as they are printed, and are comments from then on.
        let indexes = try await daemon.ctl("stats", "indexes")
        let server = scene.server
        _ = try await onOwnThread { try server.psql(indexes.output, database: "recyclic") }
        let after = try await daemon.json("stats", "indexes")
        #expect(after["indexes"]?.arrayValue?.count == 4)
        #expect(after["indexes"]?.arrayValue?.allSatisfy { $0["presentAs"]?.stringValue != nil } == true, "\(after)")
        // Also when one of them is what a failed run has left.
        _ = try await sql(
            scene,
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'recyclic_sales_created_at'::regclass"
        )
        let again = try await daemon.ctl("stats", "indexes")
        #expect(again.output.contains("\nDROP INDEX CONCURRENTLY recyclic_sales_created_at;\nCREATE INDEX"), "\(again)")
        _ = try await sql(scene, again.output)
        let mended = try await daemon.json("stats", "indexes")
        #expect(mended["indexes"]?.arrayValue?.allSatisfy { $0["presentAs"]?.stringValue != nil } == true, "\(mended)")
        let comments = try await daemon.ctl("stats", "indexes").output.split(separator: "\n")
        #expect(comments.allSatisfy { $0.hasPrefix("--") })
        let doctor = try await daemon.json("doctor", exits: 1)
        let codes = doctor["findings"]?.arrayValue?.compactMap { $0["code"]?.stringValue } ?? []
        #expect(codes.contains("receptionAvailable") && !codes.contains("noSecretKey"), "\(codes)")
        try await scene.end()
    }

    @Test
    func `watching shows each change, and outlives the database and the daemon`() async throws {
        let (scene, _) = try await scene(tickets: 100)
        let daemon = scene.daemon
        daemon.expectError("the server can't be reached")
        let output = daemon.folder.path("watch")
        let file = open(output, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer {
            close(file)
            close(null)
        }
        let child = try Program.start(
            try Programs.path("recyclicctl"),
            ["stats", "--watch", "--interval", "1", "--json"],
            input: null,
            output: file,
            errors: file,
            environment: daemon.environment
        )
        func lines() throws -> [JSONValue] {
            try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").compactMap {
                try? JSONValue(parsing: String($0))
            }
        }
        let begins = try await eventually { try lines().first?["stats"]?["ticketsOpen"] != nil }
        #expect(begins)
        let before = try lines().last?["stats"]?["ticketsOpen"]?.integerValue ?? -1
        _ = try await sql(
            scene,
            "INSERT INTO ticket_depot SELECT gen_random_uuid(), poste_id, benevole_user_id, now(), NULL, 'opened' FROM ticket_depot LIMIT 1"
        )
        let follows = try await eventually { try lines().last?["stats"]?["ticketsOpen"]?.integerValue == before + 1 }
        #expect(follows)
        let server = scene.server
        try await onOwnThread { try server.stop() }
        let tells = try await eventually { try lines().last?["error"]?["message"]?.stringValue != nil }
        #expect(tells)
        try await onOwnThread { try server.start() }
        let returns = try await eventually { try lines().last?["stats"] != nil }
        #expect(returns, "\(daemon.log)")
        let isTold = daemon.log.contains("live reception statistics are not available")
        #expect(isTold && daemon.log.contains("live reception statistics are available"), "\(daemon.log)")
        try await daemon.stop()
        let count = try lines().count
        try await daemon.start()
        let goesOn = try await eventually { try lines().count > count && lines().last?["stats"] != nil }
        #expect(goesOn)
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(text.contains("waiting until it is back") && text.contains("recyclicd is back"))
        kill(child, SIGINT)
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 && errno == EINTR {}
        // A reader that has seen enough ends it.
        let (ctl, environment) = (try Programs.path("recyclicctl"), daemon.environment)
        let piped = try await onOwnThread {
            try Program.run(
                "/bin/sh",
                ["-c", "'\(ctl)' stats --watch --interval 1 --json | head -1"],
                environment: environment
            )
        }
        #expect(piped.status == 0 && piped.output.contains("ticketsOpen"), "\(piped)")
        // Also when nothing is news any more.
        let read = try await onOwnThread {
            try Program.run(
                "/bin/sh",
                ["-c", "'\(ctl)' stats --watch --interval 1 | head -1"],
                environment: environment
            )
        }
        #expect(read.status == 0 && read.output.contains("reception at"), "\(read)")
        let alone = try await daemon.ctl("stats", "--interval", "5")
        #expect(alone.status == 2 && alone.errors.contains("--interval says how often --watch asks"))
        try await scene.end()
    }

    @Test
    func `switched off there are zeros, and without the application's tables nobody hears of anything`() async throws {
        let (off, _) = try await scene(tickets: 100, ["LIVE_RECEPTION_STATS_ENABLED": "false"])
        let place = HTTPProbe.Place.socket(off.daemon.httpSocket)
        let zeros = try await get(place, Self.path)
        #expect(
            zeros.status == 200 && zeros.body.contains("\"tickets_open\": 0,") && !zeros.body.contains("items_received")
        )
        #expect(try await get(place, "/metrics").body.contains("reception_live_stats") == false)
        #expect(try await off.daemon.ctl("stats").output.contains("switched off"))
        try await off.end()

        let scene = try await Scene.make()
        let other = HTTPProbe.Place.socket(scene.daemon.httpSocket)
        let isServing = try await eventually { (try? await get(other, "/metrics"))?.status == 200 }
        #expect(isServing)
        #expect(try await get(other, Self.path).status == 404)
        #expect(try await get(other, "/metrics").body.contains("reception_live_stats") == false)
        let doctor = try await scene.daemon.ctl("doctor")
        #expect(!doctor.output.contains("live statistics"))
        let stats = try await scene.daemon.ctl("stats")
        #expect(stats.status == 1 && stats.errors.contains("not a database of the Recyclic application"))
        #expect(!scene.daemon.log.contains("live"), "\(scene.daemon.log)")

        // One of them says whose database it is, and then what lacks is told.
        _ = try await sql(scene, "CREATE TABLE ticket_depot (id uuid)")
        let partial = try await scene.daemon.offline("doctor", "--json")
        #expect(partial.output.contains("receptionTablesMissing"), "\(partial.output)")
        _ = try await sql(scene, "DROP TABLE ticket_depot")

        // Whoever says that they should be there is told that they are not.
        try scene.daemon.configure(
            ["POSTGRES_HOST": scene.server.socketDirectory, "LIVE_RECEPTION_STATS_ENABLED": "true"]
        )
        _ = try await scene.daemon.ctl("reload")
        let missing = try await get(other, Self.path)
        #expect(missing.status == 503 && missing.body.contains("ticket_depot"), "\(missing.body)")
        #expect(try await get(other, "/metrics").body.contains("\nreception_live_stats_errors_total 1\n"))
        let told = try await scene.daemon.offline("doctor", "--json")
        #expect(told.output.contains("receptionTablesMissing"), "\(told.output)")
        #expect(scene.daemon.log.contains("live reception statistics are not available"))
        try await scene.end()
    }
}
