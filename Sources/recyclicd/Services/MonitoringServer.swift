import Alerting
import Blocking
import Configuration
import FoundationEssentials
import HTTPAPI
import Logging
import Monitoring
import PostgresClient
import ServiceLifecycle
import VarlinkServer

/// Serves metrics, health and live reception statistics over HTTP.
///
/// An address that is taken is an error in the log and is tried again: it must not keep the daemon from taking backups.
struct MonitoringServer: Service {
    private static let retryInterval = Duration.seconds(30)

    let listen: HTTPListen
    let routes: MonitoringRoutes
    let reception: ReceptionRoute
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isTold = false
            while listen != .none, !Task.isCancelled {
                do {
                    try await serve()
                    isTold = false
                } catch {
                    logger.log(
                        level: isTold ? .debug : .error,
                        "metrics can't be served at \(listen), will retry in \(Self.retryInterval): \(Self.text(error))",
                        metadata: [LogKey.hint: "Choose another address: HTTP_LISTEN"]
                    )
                    isTold = true
                }
                // Also when a listener that was open ends without an error: it must not be made again and again at once.
                try? await Task.sleep(for: Self.retryInterval)
            }
        }
        // A service that returns ends the daemon; this one may have nothing to do.
        try? await gracefulShutdown()
    }

    private func serve() async throws {
        let server = HTTPServer(logger: logger) { request in
            if let answer = await reception.answer(request) { return answer }
            guard ["GET", "HEAD"].contains(request.method) else { return .methodNotAllowed }
            return await routes.answer(request.path)
        }
        let logger = logger
        let listen = listen
        let onListening: @Sendable (Int?) -> Void = { _ in logger.info("metrics are served at \(listen)") }
        switch listen {
        case .none: return
        case .loopback(let host, let port):
            try await server.run(at: .address(host: host, port: port), onListening: onListening)
        case .socket(let path):
            // Whoever is on this machine could read the same over loopback; what is not for everybody asks who they are.
            let socket = try ListeningSocket(path: path, mode: 0o666)
            defer { socket.remove() }
            try await server.run(at: .descriptor(try socket.take()), onListening: onListening)
        }
    }

    private static func text(_ error: any Error) -> String {
        (error as? any OperatorError)?.message ?? (error as? ListeningError)?.message ?? "\(error)"
    }
}

extension LiveFacts {
    /// Read at this moment.
    init(pool statistics: PoolStatistics, of maximum: Int, alerts overview: AlertOverview, startedAt: Date) {
        var pool = Pool()
        pool.idle = statistics.idle
        pool.leased = statistics.leased
        pool.connecting = statistics.connecting
        pool.waiting = statistics.waiting
        pool.maximum = maximum
        pool.opened = statistics.created
        pool.failures = statistics.failures
        pool.leases = statistics.leases
        pool.waits = statistics.waits
        let waited = statistics.waitTime.components
        pool.waitSeconds = Double(waited.seconds) + Double(waited.attoseconds) / 1e18
        pool.waitTimeouts = statistics.waitTimeouts
        self.init(
            version: Version.text,
            startedAt: startedAt,
            process: ProcessMeter.read(),
            pool: pool,
            alerts: Alerts(overview)
        )
    }
}
