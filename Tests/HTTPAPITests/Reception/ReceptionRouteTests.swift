import Blocking
import Foundation
import PostgresClient
import Reception
import Synchronization
import TestSupport
import Testing

@testable import HTTPAPI

/// The route with a real database behind it.
@Suite(.serialized)
struct ReceptionRouteTests {
    /// What the route is told of its surroundings, to be changed by a test.
    private final class World: Sendable {
        let mode = Mutex(ReceptionMode(isEnabled: true))
        let secret = Mutex<String?>(TestToken.secret)
        let trusted = Mutex<Set<UInt32>>([0])
        let log = Mutex<[ReceptionAccess]>([])
        let offset = Mutex(Duration.zero)
        /// How long it takes to find out who asks.
        let hesitation = Mutex(Duration.zero)
        let users = Mutex<[String: UUID]>([:])

        func set(mode change: (inout ReceptionMode) -> Void) { mode.withLock { change(&$0) } }
        func set(secret: String?) { self.secret.withLock { $0 = secret } }
        func set(hesitation: Duration) { self.hesitation.withLock { $0 = hesitation } }
        func advance(by duration: Duration) { offset.withLock { $0 += duration } }
        func hesitate() { advance(by: hesitation.withLock { $0 }) }
        var lastOutcome: String? { log.withLock { $0.last.map { "\($0.outcome)" } } }

        /// A user of the sample by what it is.
        func user(_ kind: String) -> UUID { users.withLock { $0[kind] } ?? UUID() }
    }

    private static func with(
        _ database: String = "recyclic",
        sample: Bool = true,
        user: String = "postgres",
        _ body: @Sendable @escaping (ReceptionRoute, World, PrivatePostgres) async throws -> Void
    ) async throws {
        let server = try await PrivatePostgres.started()
        let world = World()
        if sample {
            let found = try await onThread("sample") { () -> [String: UUID] in
                _ = try RecyclicSample.make(in: server, tickets: 100)
                try server.execute(
                    "CREATE ROLE reader LOGIN; GRANT SELECT (id, role, is_active) ON users TO reader",
                    database: "recyclic"
                )
                var users: [String: UUID] = [:]
                for (kind, condition) in [
                    ("admin", "role = 'admin' AND is_active"), ("super-admin", "role = 'super-admin' AND is_active"),
                    ("user", "role = 'user' AND is_active"), ("inactive", "NOT is_active"),
                ] {
                    let text = try server.psql(
                        "SELECT id FROM users WHERE \(condition) ORDER BY id LIMIT 1",
                        database: "recyclic"
                    )
                    users[kind] = UUID(uuidString: text)
                }
                return users
            }
            world.users.withLock { $0 = found }
        }
        let settings = ConnectionSettings(
            host: server.socketDirectory,
            port: server.port,
            user: user,
            database: database
        )
        let pool = ConnectionPool(settings)
        let clock: @Sendable () -> Duration = { MonotonicTime.sinceStart() + world.offset.withLock { $0 } }
        let service = ReceptionService(settings, catalogue: pool, mode: { world.mode.withLock { $0 } }, clock: clock)
        var surroundings = ReceptionRoute.Surroundings(
            mode: { world.mode.withLock { $0 } },
            secret: {
                world.hesitate()
                return world.secret.withLock { $0 }
            },
            trusts: { user, _ in
                world.hesitate()
                return world.trusted.withLock { $0.contains(user) }
            },
            log: { access in world.log.withLock { $0.append(access) } }
        )
        // It stands still but for the test, so that a slow machine's requests are too many as well.
        surroundings.clock = { world.offset.withLock { $0 } }
        let route = ReceptionRoute(service: service, surroundings)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            group.addTask { await service.run() }
            try await body(route, world, server)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private static let path = "/api/v1/reception/stats/live"

    private static func request(
        token: String? = nil,
        query: String? = nil,
        method: String = "GET",
        path: String = path,
        peer: HTTPPeer = .address("127.0.0.1"),
        more: [(name: String, value: String)] = []
    ) -> HTTPRequest {
        let authorization = token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        return HTTPRequest(method: method, path: path, query: query, headers: authorization + more, peer: peer)
    }

    /// The names of the members of an answer's body; none when it is no JSON object.
    private static func names(_ answer: HTTPAnswer?) -> Set<String> {
        let object = try? JSONSerialization.jsonObject(with: Data((answer?.body ?? "").utf8))
        return Set((object as? [String: Any] ?? [:]).keys)
    }

    private static let contract: Set<String> = [
        "tickets_open", "tickets_closed_24h", "turnover_eur", "donations_eur", "weight_in", "weight_out",
    ]

    @Test
    func `administrators get exactly the contract's figures, on both paths`() async throws {
        try await Self.with { route, world, _ in
            for kind in ["admin", "super-admin"] {
                for path in ReceptionRoute.paths {
                    let token = TestToken.of(world.user(kind))
                    let answer = await route.answer(Self.request(token: token, path: path))
                    #expect(answer?.status == 200 && answer?.contentType == "application/json")
                    #expect(Self.names(answer) == Self.contract)
                }
            }
            world.set { $0.rules = .openedToday }
            let answer = await route.answer(Self.request(token: TestToken.of(world.user("admin"))))
            #expect(Self.names(answer) == Self.contract.union(["items_received"]))
            let log = world.log.withLock { $0 }
            #expect(log.count == 5 && log.allSatisfy { $0.outcome == .answered && $0.user != nil && $0.status == 200 })
            #expect(await route.answer(Self.request(path: "/v1/reception/stats")) == nil)
            #expect(await route.answer(Self.request(path: Self.path + "/")) == nil)
        }
    }

    @Test
    func `who shows no good token is told to show one, and nobody learns why`() async throws {
        try await Self.with { route, world, _ in
            let admin = world.user("admin")
            let hour = Date() + 3600
            let subject = admin.uuidString.lowercased()
            let claims = #"{"sub":"\#(subject)","exp":\#(Int(hour.timeIntervalSince1970))}"#
            let cases: [(String?, String)] = [
                (nil, "noToken"), ("", "noBearerToken"), ("nonsense", "malformed"),
                (TestToken.of(admin, expires: Date() - 1), "expired"),
                (TestToken.make(header: #"{"alg":"none"}"#, claims: claims), "otherAlgorithm"),
                (TestToken.make(header: #"{"alg":"HS384"}"#, claims: claims), "otherAlgorithm"),
                (TestToken.make(claims: claims, secret: "another"), "badSignature"),
                (TestToken.of(admin, more: #","scope":"password-reset""#), "scoped"),
                (TestToken.of(UUID()), "unknownUser"), (TestToken.of(world.user("inactive")), "inactiveUser"),
            ]
            var bodies: Set<String> = []
            for (token, reason) in cases {
                let answer = try #require(await route.answer(Self.request(token: token)))
                #expect(answer.status == 401 && answer.headers == [.init("WWW-Authenticate", "Bearer")], "\(reason)")
                #expect(world.lastOutcome == "unauthorized:\(reason)")
                bodies.insert(answer.body)
            }
            #expect(bodies == ["{\"code\":\"unauthorized\",\"detail\":\"a valid access token is needed\"}\n"])
            let good = TestToken.of(admin)
            let twice = Self.request(token: good, more: [(name: "Authorization", value: "Bearer \(good)")])
            #expect(await route.answer(twice)?.status == 401)
            var basic = Self.request()
            basic.headers = [(name: "Authorization", value: "Basic \(good)")]
            #expect(await route.answer(basic)?.status == 401)
            basic.headers = [(name: "authorization", value: "bearer   \(good)")]
            #expect(await route.answer(basic)?.status == 200)
            // Nothing of a token is in what the log is told.
            let log = "\(world.log.withLock { $0 })"
            #expect(!log.contains(good) && !log.contains("eyJ"))
        }
    }

    @Test
    func `other users are refused, and an administrator who was demoted soon is`() async throws {
        try await Self.with { route, world, server in
            let answer = await route.answer(Self.request(token: TestToken.of(world.user("user"))))
            #expect(answer?.status == 403 && world.lastOutcome == "forbidden")
            let admin = world.user("admin")
            #expect(await route.answer(Self.request(token: TestToken.of(admin)))?.status == 200)
            try await onThread("sql") {
                try server.execute("UPDATE users SET role = 'user' WHERE id = '\(admin)'", database: "recyclic")
            }
            world.advance(by: .seconds(30))
            #expect(await route.answer(Self.request(token: TestToken.of(admin)))?.status == 403)
            try await onThread("sql") {
                try server.execute("UPDATE users SET is_active = false WHERE id = '\(admin)'", database: "recyclic")
            }
            world.advance(by: .seconds(5))
            #expect(await route.answer(Self.request(token: TestToken.of(admin)))?.status == 401)
        }
    }

    @Test
    func `over a Unix socket trusted users need no token, others do, and a proxy is no user`() async throws {
        try await Self.with { route, world, _ in
            let trusted = HTTPPeer.process(userID: 0, groupID: 0)
            let stranger = HTTPPeer.process(userID: 4711, groupID: 4711)
            #expect(await route.answer(Self.request(peer: trusted))?.status == 200)
            #expect(world.log.withLock { $0.last?.user } == nil)
            #expect(await route.answer(Self.request(peer: stranger))?.status == 401)
            let admin = TestToken.of(world.user("admin"))
            #expect(await route.answer(Self.request(token: admin, peer: stranger))?.status == 200)
            // A token that is shown counts, and requests of others are theirs.
            #expect(await route.answer(Self.request(token: "nonsense", peer: trusted))?.status == 401)
            #expect(
                await route.answer(Self.request(token: TestToken.of(world.user("user")), peer: trusted))?.status == 403
            )
            for header in ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "x-real-ip", "Via", "CF-Connecting-IP"]
            {
                let passedOn = Self.request(peer: trusted, more: [(name: header, value: "203.0.113.9")])
                #expect(await route.answer(passedOn)?.status == 401)
            }
            world.set(secret: nil)
            #expect(await route.answer(Self.request(peer: trusted))?.status == 200)
        }
    }

    @Test
    func `without SECRET_KEY nobody is let in by a token`() async throws {
        try await Self.with { route, world, _ in
            for secret in [nil, ""] {
                world.set(secret: secret)
                let answer = await route.answer(Self.request(token: TestToken.make(claims: "{}", secret: "")))
                #expect(answer?.status == 503 && answer?.body.contains("SECRET_KEY is not set") == true)
                #expect(world.lastOutcome == "unavailable:noSecretKey")
            }
        }
    }

    @Test
    func `a client that asks too often is slowed down, and others are not`() async throws {
        try await Self.with { route, world, _ in
            let (admin, other) = (TestToken.of(world.user("admin")), TestToken.of(world.user("super-admin")))
            world.set { $0.isEnabled = false }
            var statuses: [Int: Int] = [:]
            for _ in 0..<300 {
                let status = await route.answer(Self.request(token: admin))?.status ?? 0
                statuses[status, default: 0] += 1
                if status == 429 { break }
            }
            #expect(statuses == [200: 100, 429: 1])
            #expect(world.lastOutcome == "limited")
            #expect(await route.answer(Self.request(token: other))?.status == 200)
            world.advance(by: .seconds(1))
            #expect(await route.answer(Self.request(token: admin))?.status == 200)
        }
    }

    @Test
    func `a site filters what has one, and nonsense is refused in words`() async throws {
        try await Self.with { route, world, server in
            let site = try await onThread("sql") {
                try server.psql("SELECT id FROM sites ORDER BY id LIMIT 1", database: "recyclic")
            }
            let token = TestToken.of(world.user("admin"))
            func ask(_ query: String) async -> HTTPAnswer? {
                await route.answer(Self.request(token: token, query: query))
            }
            let whole = await ask("site_id=\(site)")
            #expect(
                whole?.status == 422 && whole?.body.contains("fields=turnover_eur,donations_eur,weight_out") == true
            )
            let fields = "fields=turnover_eur,donations_eur&fields=weight_out"
            let part = await ask("site_id=\(site)&\(fields)")
            #expect(part?.status == 200)
            #expect(Self.names(part) == ["turnover_eur", "donations_eur", "weight_out"])
            let one = await ask("fields=weight_in&_=1")
            #expect(Self.names(one) == ["weight_in"])
            for query in [
                "site_id=", "site_id=1", "site_id=\(site)&site_id=\(site)", "site_id=%zz", "site_id=%ff", "fields=",
                "fields=weight", "fields=items_received", "site_id=\(UUID())&\(fields)",
            ] {
                let answer = await ask(query)
                #expect(answer?.status == 422 && answer?.body.contains("\"detail\":") == true, "\(query)")
            }
            world.set { $0.rules = .openedTodayWithExits }
            #expect(await ask("site_id=\(site)&fields=weight_out")?.status == 422)
            #expect(await ask("site_id=\(site)&fields=donations_eur")?.status == 200)
        }
    }

    @Test
    func `other methods are refused`() async throws {
        try await Self.with { route, world, _ in
            let token = TestToken.of(world.user("admin"))
            let answer = await route.answer(Self.request(token: token, method: "POST"))
            #expect(answer?.status == 405 && answer?.headers == [.init("Allow", "GET, HEAD")])
            #expect(await route.answer(Self.request(token: token, method: "HEAD"))?.status == 200)
        }
    }

    @Test
    func `switched off, zeros are given to those who may see them`() async throws {
        try await Self.with { route, world, _ in
            world.set { $0.isEnabled = false }
            let answer = await route.answer(Self.request(token: TestToken.of(world.user("admin"))))
            let zeros =
                #"{"tickets_open": 0, "tickets_closed_24h": 0, "turnover_eur": 0, "donations_eur": 0, "weight_in": 0, "#
            #expect(answer?.body == zeros + "\"weight_out\": 0}\n" && world.lastOutcome == "switchedOff")
            #expect(await route.answer(Self.request())?.status == 401)
            #expect(await route.answer(Self.request(token: TestToken.of(world.user("user"))))?.status == 403)
        }
    }

    @Test
    func `where there are no such tables there is no such path, unless it was asked for`() async throws {
        try await Self.with("postgres", sample: false) { route, world, _ in
            world.set { $0.isEnabled = nil }
            world.set(secret: nil)
            let answer = await route.answer(Self.request(token: TestToken.of(UUID())))
            #expect(answer?.status == 404 && world.log.withLock { $0.isEmpty })
            world.set { $0.isEnabled = true }
            let missing = await route.answer(Self.request(peer: .process(userID: 0, groupID: 0)))
            #expect(missing?.status == 503 && missing?.body.contains("ticket_depot") == true)
        }
    }

    @Test
    func `what the role may not read is told with its GRANT, and a database that is down with its reason`() async throws
    {
        try await Self.with(user: "reader") { route, world, server in
            let admin = TestToken.of(world.user("admin"))
            let refused = await route.answer(Self.request(token: admin))
            #expect(refused?.status == 503 && world.lastOutcome == "unavailable:receptionNotPermitted")
            #expect(refused?.body.contains(#"GRANT SELECT ON sales TO \"reader\";"#) == true, "\(refused?.body ?? "")")
            // Whose user is not known any more is asked for again.
            world.advance(by: .seconds(30))
            try await onThread("stop") { try server.stop() }
            let down = await route.answer(Self.request(token: TestToken.of(world.user("admin"))))
            #expect(down?.status == 503 && world.lastOutcome?.hasPrefix("unavailable:") == true)
            // Who has no token learns nothing of the database.
            #expect(await route.answer(Self.request())?.status == 401)
        }
    }

    @Test
    func `a request has one deadline, from its arrival on`() async throws {
        try await Self.with { route, world, _ in
            let requests = [
                (Self.request(peer: .process(userID: 0, groupID: 0)), "receptionTooSlow"),
                (Self.request(token: TestToken.of(world.user("admin"))), "receptionNoAnswer"),
            ]
            for (request, code) in requests {
                world.set(hesitation: .seconds(15))
                #expect(await route.answer(request)?.status == 503)
                #expect(world.lastOutcome == "unavailable:\(code)")
                world.set(hesitation: .zero)
                #expect(await route.answer(request)?.status == 200)
            }
        }
    }

    @Test
    func `who holds a token of the application's is told what lacks, and nothing else of the database`() async throws {
        try await Self.with(user: "reader") { route, world, server in
            try await onThread("sql") {
                try server.execute(
                    "REVOKE SELECT (id, role, is_active) ON users FROM reader",
                    database: "recyclic"
                )
            }
            let grant = #"GRANT SELECT (id, role, is_active) ON users TO \"reader\";"#
            let forbidden = await route.answer(Self.request(token: TestToken.of(world.user("admin"))))
            #expect(forbidden?.status == 503 && forbidden?.body.contains(grant) == true)
            #expect(world.lastOutcome == "unavailable:receptionNotPermitted")
            // Who shows no token that the application signed is told nothing.
            let claims = #"{"sub":"\#(world.user("admin").uuidString)","exp":4102444800}"#
            let other = await route.answer(Self.request(token: TestToken.make(claims: claims, secret: "another")))
            #expect(other?.status == 401 && other?.body.contains("reader") == false)
            // Those who need no token are told.
            let trusted = await route.answer(Self.request(peer: .process(userID: 0, groupID: 0)))
            #expect(trusted?.body.contains(#"GRANT SELECT ON sales TO \"reader\";"#) == true)
            world.advance(by: .seconds(1))
            try await onThread("stop") { try server.stop() }
            let told = "{\"code\":\"unavailable\",\"detail\":\"who asks can't be found out at the moment\"}\n"
            let down = await route.answer(Self.request(token: TestToken.of(world.user("user"))))
            #expect(down?.status == 503 && down?.body == told)
        }
    }
}
