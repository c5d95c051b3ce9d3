import Blocking
import Configuration
import FoundationEssentials
import HTTPAPI
import Logging
import PostgresClient
import Reception
import ServiceLifecycle
import VarlinkServer

/// Live reception statistics: the service, and its ways to the configuration and the log.
struct ReceptionWork: Service {
    let service: ReceptionService
    private let settings: SettingsStore
    private let logger: Logger

    /// - Parameters:
    ///   - settings: The configuration in force; what it says of the statistics counts from one request to the next.
    ///   - pool: The daemon's connections.
    ///   - logger: Gets each change between figures and none, and the requests.
    init(settings: SettingsStore, pool: ConnectionPool, logger: Logger) {
        self.settings = settings
        self.logger = logger
        service = ReceptionService(
            settings.current.connection,
            catalogue: pool,
            mode: { ReceptionMode(settings.current.reception) },
            onChange: { Self.tell($0, logger) }
        )
    }

    /// What the configuration says of the statistics now.
    var mode: ReceptionMode { ReceptionMode(settings.current.reception) }

    func run() async throws {
        await cancelWhenGracefulShutdown { await service.run() }
    }

    /// The way over HTTP.
    func route() -> ReceptionRoute {
        let settings = settings
        let journal = ReceptionJournal(logger: logger)
        return ReceptionRoute(
            service: service,
            ReceptionRoute.Surroundings(
                mode: { ReceptionMode(settings.current.reception) },
                secret: { settings.current.reception.secretKey?.revealed },
                trusts: { user, group in
                    let peer = PeerCredentials(processID: 0, userID: user, groupID: group)
                    let trusted = settings.current.paths.controlSocketGroup
                    // Who belongs to a group is read from files.
                    return (try? await onThread("peer") { PeerPolicy.allows(peer, group: trusted) }) ?? false
                },
                log: { journal.record($0) }
            )
        )
    }

    private static func tell(_ error: (any OperatorError)?, _ logger: Logger) {
        guard let error else { return logger.notice("live reception statistics are available") }
        logger.warning(
            "live reception statistics are not available: \(error.message)",
            metadata: error.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
        )
    }
}

extension ReceptionMode {
    /// What the configuration says.
    init(_ settings: Settings.Reception) {
        self.init(
            isEnabled: settings.isEnabled,
            rules: ReceptionRules(settings.semantics),
            timeZone: settings.timeZone
        )
    }
}

extension ReceptionRules {
    /// The same rules.
    init(_ semantics: ReceptionSemantics) {
        self =
            switch semantics {
            case .rolling: .rolling
            case .openedToday: .openedToday
            case .openedTodayWithExits: .openedTodayWithExits
            }
    }
}
