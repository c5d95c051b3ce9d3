import Blocking
package import FoundationEssentials
package import Reception
import Synchronization

/// `GET /api/v1/reception/stats/live`: the figures, for those who may see them.
///
/// The application's administrators come with its access token. Over a Unix socket, processes that the operator trusts need
/// none. Every answer is JSON and is not to be stored.
package struct ReceptionRoute: Sendable {
    /// Where it is served. Behind the application's proxy the first part is taken off.
    package static let paths: Set<String> = ["/api/v1/reception/stats/live", "/v1/reception/stats/live"]
    /// Requests a second that a client may make.
    package static let requestsPerSecond = 100
    /// Clients of which it is remembered how often they asked.
    static let rememberedClients = 1024
    /// Headers that say that a request comes from somebody else than the peer, in small letters; and all `X-Forwarded-…`.
    private static let marksOfProxies: Set<String> = [
        "forwarded", "via", "x-real-ip", "x-client-ip", "cf-connecting-ip", "true-client-ip",
    ]

    /// What the route needs of the daemon.
    package struct Surroundings: Sendable {
        /// What the configuration says now.
        package var mode: @Sendable () -> ReceptionMode
        /// The application's `SECRET_KEY`; `nil` when it is not set.
        package var secret: @Sendable () -> String?
        /// Whether a process at the other end of a Unix socket needs no token.
        package var trusts: @Sendable (_ userID: UInt32, _ groupID: UInt32) async -> Bool
        /// Takes each request and how it ended.
        package var log: @Sendable (ReceptionAccess) -> Void
        /// The time, for tokens.
        package var now: @Sendable () -> Date = { Date() }
        /// The time since some start, by a clock that nobody sets.
        package var clock: @Sendable () -> Duration = MonotonicTime.sinceStart

        package init(
            mode: @escaping @Sendable () -> ReceptionMode,
            secret: @escaping @Sendable () -> String?,
            trusts: @escaping @Sendable (_ userID: UInt32, _ groupID: UInt32) async -> Bool,
            log: @escaping @Sendable (ReceptionAccess) -> Void
        ) {
            self.mode = mode
            self.secret = secret
            self.trusts = trusts
            self.log = log
        }
    }

    /// Whose requests are counted together: a proxy's clients are told apart by their tokens.
    private enum Client: Hashable {
        case user(UUID)
        case peer(HTTPPeer)
    }

    /// Who asks, as far as it is known before the database is asked.
    private enum Holder {
        case trusted
        case user(UUID)
        case nobody(reason: String)
        case notConfigured
    }

    private final class Limiter: Sendable {
        let state = Mutex(
            RateLimiter<Client>(limit: requestsPerSecond, capacity: rememberedClients)
        )
    }

    private let service: ReceptionService
    private let surroundings: Surroundings
    private let limiter = Limiter()

    package init(service: ReceptionService, _ surroundings: Surroundings) {
        self.service = service
        self.surroundings = surroundings
    }

    /// The answer; `nil` when the path is another's.
    package func answer(_ request: HTTPRequest) async -> HTTPAnswer? {
        guard Self.paths.contains(request.path) else { return nil }
        let start = surroundings.clock()
        let deadline = service.deadline()
        let holder = await holder(of: request)
        let (answer, outcome) = await answer(request, holder, by: deadline)
        guard let outcome else { return answer }
        var access = ReceptionAccess(peer: request.peer, status: answer.status, seconds: 0, outcome: outcome)
        if case .user(let user) = holder { access.user = user }
        let elapsed = (surroundings.clock() - start).components
        access.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        surroundings.log(access)
        return answer
    }

    /// - Returns: The answer and what the log is told; `nil` where there is nothing to tell.
    private func answer(
        _ request: HTTPRequest,
        _ holder: Holder,
        by deadline: ReceptionDeadline
    ) async -> (HTTPAnswer, ReceptionAccess.Outcome?) {
        let client: Client = if case .user(let user) = holder { .user(user) } else { .peer(request.peer) }
        let now = surroundings.clock()
        guard limiter.state.withLock({ $0.admits(client, at: now) }) else { return (Self.limited, .limited) }
        // Where nobody asked for the statistics and there are none, the path does not exist.
        if await service.isNotHere(by: deadline) { return (Self.refusal(404, ReceptionError.notHere), nil) }
        guard ["GET", "HEAD"].contains(request.method) else { return (Self.methodNotAllowed, .wrongMethod) }
        switch holder {
        case .trusted: break
        case .nobody(let reason): return (Self.unauthorized, .unauthorized(reason))
        case .notConfigured: return (Self.notConfigured, .unavailable("noSecretKey"))
        case .user(let user):
            do {
                switch try await service.access(of: user, by: deadline) {
                case .allowed: break
                case .wrongRole: return (Self.forbidden, .forbidden)
                case .inactive: return (Self.unauthorized, .unauthorized("inactiveUser"))
                case .unknown: return (Self.unauthorized, .unauthorized("unknownUser"))
                }
            } catch let error as ReceptionError where error.isObstacle {
                // The application has signed the token, and nobody else can be shown what mends it on this way.
                return (Self.refusal(503, error), .unavailable(error.code))
            } catch {
                // Whoever has not been found to be an administrator learns nothing else of the database; the log says it.
                let error = error as? any OperatorError ?? ReceptionError.stopping
                return (Self.userUnavailable, .unavailable(error.code))
            }
        }
        return await figures(request, by: deadline)
    }

    private func figures(
        _ request: HTTPRequest,
        by deadline: ReceptionDeadline
    ) async -> (HTTPAnswer, ReceptionAccess.Outcome) {
        let mode = surroundings.mode()
        do {
            let wanted = try ReceptionRequest(request.query, rules: mode.rules)
            let figures = try await service.figures(site: wanted.site, mode: mode, by: deadline)
            let answer = Self.json(200, ReceptionJSON.body(figures, only: wanted.figures))
            return (answer, mode.isEnabled == false ? .switchedOff : .answered)
        } catch let error as ReceptionRequest.Invalid {
            return (Self.json(422, ReceptionJSON.error(error.detail, code: "invalid", hint: error.hint)), .invalid)
        } catch ReceptionError.unknownSite(let site) {
            return (Self.refusal(422, ReceptionError.unknownSite(site)), .invalid)
        } catch {
            return Self.unavailable(error)
        }
    }

    // MARK: - Who asks

    private func holder(of request: HTTPRequest) async -> Holder {
        let headers = request.header("Authorization")
        // A token that is shown counts, also where none is needed: whoever shows one wants to be that user. And a proxy is
        // trusted for itself, not for those whose requests it passes on.
        if headers.isEmpty, !Self.isPassedOn(request), case .process(let user, let group) = request.peer,
            await surroundings.trusts(user, group)
        {
            return .trusted
        }
        guard let secret = surroundings.secret(), !secret.isEmpty else { return .notConfigured }
        guard let header = headers.first else { return .nobody(reason: "noToken") }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard headers.count == 1, parts.count == 2, parts[0].lowercased() == "bearer" else {
            return .nobody(reason: "noBearerToken")
        }
        do throws(TokenRefusal) {
            return .user(
                try TokenVerifier(secret: secret).user(of: String(parts[1].drop { $0 == " " }), at: surroundings.now())
            )
        } catch {
            return .nobody(reason: error.rawValue)
        }
    }

    private static func isPassedOn(_ request: HTTPRequest) -> Bool {
        request.headers.contains { header in
            let name = header.name.lowercased()
            return marksOfProxies.contains(name) || name.hasPrefix("x-forwarded-")
        }
    }

    // MARK: - Answers

    private static func json(_ status: Int, _ body: String, _ headers: [HTTPAnswer.Header] = []) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: "application/json", body: body, headers: headers)
    }

    private static func refusal(_ status: Int, _ error: any OperatorError) -> HTTPAnswer {
        json(status, ReceptionJSON.error(error.message, code: error.code, hint: error.hint))
    }

    private static func unavailable(_ error: any Error) -> (HTTPAnswer, ReceptionAccess.Outcome) {
        if case ReceptionError.notHere = error {
            return (refusal(404, ReceptionError.notHere), .unavailable("notHere"))
        }
        let error = error as? any OperatorError ?? ReceptionError.stopping
        return (refusal(503, error), .unavailable(error.code))
    }

    /// One answer for every reason: it does not help those who guess.
    private static let unauthorized = json(
        401,
        ReceptionJSON.error("a valid access token is needed", code: "unauthorized"),
        [HTTPAnswer.Header("WWW-Authenticate", "Bearer")]
    )

    private static let userUnavailable = json(
        503,
        ReceptionJSON.error("who asks can't be found out at the moment", code: "unavailable")
    )

    private static let forbidden = json(
        403,
        ReceptionJSON.error("only administrators may see the statistics", code: "forbidden")
    )

    private static let limited = json(
        429,
        ReceptionJSON.error("more than \(requestsPerSecond) requests a second", code: "limited"),
        [HTTPAnswer.Header("Retry-After", "1")]
    )

    private static let methodNotAllowed = json(
        405,
        ReceptionJSON.error("only GET and HEAD are answered", code: "methodNotAllowed"),
        [HTTPAnswer.Header("Allow", "GET, HEAD")]
    )

    private static let notConfigured = json(
        503,
        ReceptionJSON.error(
            "access tokens can't be checked: SECRET_KEY is not set",
            code: "noSecretKey",
            hint: "Give recyclicd the application's SECRET_KEY, in its configuration file or as a systemd credential."
        )
    )
}
