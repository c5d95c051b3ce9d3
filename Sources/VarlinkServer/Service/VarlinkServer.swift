package import Logging
import NIOCore
import NIOPosix
package import Varlink

/// A Varlink service on a Unix socket.
///
/// Calls of one connection are answered one after the other, in order; connections do not wait for each other. A
/// connection that sends what is not Varlink, exceeds a limit or stays idle too long is closed and logged.
package struct VarlinkServer: Sendable {
    let settings: ServerSettings
    let directory: ServiceDirectory
    let logger: Logger
    let authorize: @Sendable (PeerCredentials) async -> Bool
    let mapError: @Sendable (any Error, VarlinkServerCall) -> VarlinkError?

    /// - Parameters:
    ///   - information: what `GetInfo` answers; the list of interfaces is filled in.
    ///   - interfaces: what is served besides `org.varlink.service`.
    ///   - settings: the limits.
    ///   - logger: gets connections at debug, refusals and garbage at info, errors that handlers did not mean to throw
    ///     at error.
    ///   - authorize: whether a peer may use the service at all; a refused one gets `PermissionDenied` and is cut off.
    ///     Finer rules belong in the handlers, which see the peer too.
    ///   - mapError: the reply for errors that are no Varlink errors; `nil` answers `<interface>.InternalError` without
    ///     parameters.
    /// - Throws: never in practice: the description of `org.varlink.service` is our own.
    package init(
        information: ServiceInformation,
        interfaces: [ServedInterface],
        settings: ServerSettings = ServerSettings(),
        logger: Logger,
        authorize: @escaping @Sendable (PeerCredentials) async -> Bool = { _ in true },
        mapError: @escaping @Sendable (any Error, VarlinkServerCall) -> VarlinkError? = { _, _ in nil }
    ) throws {
        self.settings = settings
        self.directory = try ServiceDirectory(information: information, served: interfaces)
        self.logger = logger
        self.authorize = authorize
        self.mapError = mapError
    }

    /// Serves until the task is cancelled, then closes all connections (their handlers are cancelled), removes the socket
    /// that it made, and returns normally.
    ///
    /// - Parameter socket: where to listen; it is used up.
    /// - Throws: when the socket cannot be listened on.
    package func run(on socket: ListeningSocket) async throws {
        defer { socket.remove() }
        // One event loop does: it only moves bytes, the handlers run elsewhere.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<Void, any Error>
        do {
            try await serve(socket, on: loops)
            result = .success(())
        } catch is CancellationError {
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try? await loops.shutdownGracefully()
        try result.get()
    }

    private func serve(_ socket: ListeningSocket, on loops: MultiThreadedEventLoopGroup) async throws {
        let limit = settings.maximumMessageBytes
        let listener = try await ServerBootstrap(group: loops)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(try socket.take()) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try AcceptedConnection(channel: channel, maximumMessageBytes: limit)
                }
            }
        let admissions = Admissions(settings)
        try await listener.executeThenClose { accepted in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in accepted {
                    group.addTask { await admit(connection, admissions) }
                }
                // The listener has been closed: what is still open goes with it.
                group.cancelAll()
            }
        }
    }
}
