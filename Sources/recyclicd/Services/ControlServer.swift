import Blocking
import ControlAPI
import Glibc
import Logging
import ServiceLifecycle
import Varlink
import VarlinkServer

/// Serves `org.recyclic.Control` on the control socket.
struct ControlServer: Service {
    /// How long those who wait for a job have to be told of its end when the daemon stops.
    private static let farewell = Duration.milliseconds(300)

    let server: VarlinkServer
    let socket: ListeningSocket

    /// - Parameters:
    ///   - interface: The interface with its handlers.
    ///   - socket: Where to listen.
    ///   - group: The group whose members may use it besides root and the daemon's own user.
    init(interface: ServedInterface, socket: ListeningSocket, group: String?, logger: Logger) throws {
        self.socket = socket
        server = try VarlinkServer(
            information: ServiceInformation(
                vendor: "Recyclic",
                product: "recyclicd",
                version: Version.text,
                url: "https://github.com/recyclic/recyclicd"
            ),
            interfaces: [interface],
            logger: logger,
            authorize: { peer in
                let allowed = PeerPolicy.allows(peer, group: group)
                let level: Logger.Level = allowed ? .debug : .warning
                logger.log(
                    level: level,
                    "control connection \(allowed ? "accepted" : "refused")",
                    metadata: [LogKey.peer: "\(peer)"]
                )
                return allowed
            },
            mapError: { error, _ in
                let error = error is CancellationError ? JobError.stopping : error
                guard let error = error as? any OperatorError else { return nil }
                return VarlinkError(
                    name: ControlErrorName.failed.rawValue,
                    parameters: Failure(code: error.code, message: error.message, hint: error.hint)
                )
            }
        )
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run(on: socket) }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: Self.farewell)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
