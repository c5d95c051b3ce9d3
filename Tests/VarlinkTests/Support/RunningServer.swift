import Logging
import TestSupport
import Varlink
import VarlinkServer

/// A server that runs for the length of a test.
struct RunningServer: Sendable {
    let path: String
    let log: LogRecorder
}

/// Runs a server while `body` runs. Its log is kept for inspection.
func withServer(
    _ interfaces: [ServedInterface],
    settings: ServerSettings = ServerSettings(),
    socket: ListeningSocket? = nil,
    path: String? = nil,
    authorize: @escaping @Sendable (PeerCredentials) async -> Bool = { _ in true },
    mapError: @escaping @Sendable (any Error, VarlinkServerCall) -> VarlinkError? = { _, _ in nil },
    _ body: (RunningServer) async throws -> Void
) async throws {
    let folder = try TemporaryDirectory()
    let path = path ?? folder.path("s")
    let socket = try socket ?? ListeningSocket(path: path)
    let log = LogRecorder()
    var logger = Logger(label: "test", factory: { _ in log })
    logger.logLevel = .trace
    let server = try VarlinkServer(
        information: ServiceInformation(vendor: "Example", product: "Echo", version: "1", url: "https://example.org"),
        interfaces: interfaces,
        settings: settings,
        logger: logger,
        authorize: authorize,
        mapError: mapError
    )
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run(on: socket) }
        let result: Result<Void, any Error>
        do {
            try await body(RunningServer(path: path, log: log))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        group.cancelAll()
        try await group.waitForAll()
        try result.get()
    }
    withExtendedLifetime(folder) {}
}
