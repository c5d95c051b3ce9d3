package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP server for readers on this machine: GET and HEAD, no bodies in requests, every answer from memory.
package struct HTTPServer: Sendable {
    /// Where to listen.
    package enum Place: Sendable {
        /// A TCP address. Port 0 takes any free one.
        case address(host: String, port: Int)
        /// A socket that listens already; the server closes it.
        case descriptor(Int32)
    }

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    private let limits: HTTPLimits
    private let logger: Logger
    private let answer: @Sendable (_ path: String) async -> HTTPAnswer?

    /// - Parameters:
    ///   - limits: What clients may take.
    ///   - logger: Gets refused and broken connections at debug.
    ///   - answer: The answer for a path (without its query); `nil` where there is nothing.
    package init(
        limits: HTTPLimits = HTTPLimits(),
        logger: Logger,
        answer: @escaping @Sendable (_ path: String) async -> HTTPAnswer?
    ) {
        self.limits = limits
        self.logger = logger
        self.answer = answer
    }

    /// Serves until the task is cancelled, then closes all connections and returns normally.
    ///
    /// - Parameters:
    ///   - place: Where.
    ///   - onListening: Called once clients can connect; with the port, for a TCP address.
    /// - Throws: when it can't be listened there.
    package func run(at place: Place, onListening: @escaping @Sendable (Int?) -> Void = { _ in }) async throws {
        // One event loop does: answers come from memory.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let result: Result<Void, any Error>
        do {
            try await serve(place, on: loops, onListening)
            result = .success(())
        } catch is CancellationError {
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try? await loops.shutdownGracefully()
        try result.get()
    }

    private func serve(
        _ place: Place,
        on loops: MultiThreadedEventLoopGroup,
        _ onListening: @Sendable (Int?) -> Void
    ) async throws {
        let bootstrap = ServerBootstrap(group: loops).serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        let limits = limits
        let initialise: @Sendable (any Channel) -> EventLoopFuture<Connection> = { channel in
            channel.eventLoop.makeCompletedFuture {
                let operations = channel.pipeline.syncOperations
                try operations.addHandler(RequestGuard(limits))
                try operations.configureHTTPServerPipeline(withErrorHandling: true)
                return try Connection(wrappingChannelSynchronously: channel)
            }
        }
        let listener =
            switch place {
            case .address(let host, let port):
                try await bootstrap.bind(host: host, port: port, childChannelInitializer: initialise)
            case .descriptor(let descriptor):
                try await bootstrap.bind(descriptor, childChannelInitializer: initialise)
            }
        onListening(listener.channel.localAddress?.port)
        let open = OpenConnections(limit: limits.connections)
        try await listener.executeThenClose { accepted in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in accepted {
                    guard open.enter() else {
                        logger.debug("connection refused: too many")
                        // An async channel must be opened to be closed; an error in it changes nothing.
                        group.addTask { try? await connection.executeThenClose { _, _ in } }
                        continue
                    }
                    group.addTask {
                        await self.serve(connection)
                        open.leave()
                    }
                }
                // The listener has been closed: what is still open goes with it.
                group.cancelAll()
            }
        }
    }

    /// Answers a connection's requests to its end. Its errors end here: one client's fault is no other's.
    private func serve(_ connection: Connection) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                var head: HTTPRequestHead?
                for try await part in inbound {
                    switch part {
                    case .head(let request): head = request
                    case .body: break
                    case .end:
                        guard let request = head else { continue }
                        try await reply(to: request, outbound)
                        guard request.isKeepAlive else { return }
                    }
                }
            }
        } catch {
            logger.debug("connection lost", metadata: ["error": "\(error)"])
        }
    }

    private func reply(
        to request: HTTPRequestHead,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        let answer: HTTPAnswer
        switch request.method {
        case .GET, .HEAD:
            let path = String(request.uri.prefix { $0 != "?" })
            answer = await self.answer(path) ?? .text(404, "there is nothing at this path")
        default:
            answer = .text(405, "only GET and HEAD are answered")
        }
        let body = ByteBuffer(string: answer.body)
        var head = HTTPResponseHead(version: request.version, status: .init(statusCode: answer.status))
        head.headers.add(name: "Content-Type", value: answer.contentType)
        head.headers.add(name: "Content-Length", value: "\(body.readableBytes)")
        head.headers.add(name: "Cache-Control", value: "no-store")
        if answer.status == 405 { head.headers.add(name: "Allow", value: "GET, HEAD") }
        if !request.isKeepAlive {
            head.headers.add(name: "Connection", value: "close")
        } else if request.version == .http1_0 {
            head.headers.add(name: "Connection", value: "keep-alive")
        }
        var parts: [HTTPServerResponsePart] = [.head(head)]
        if request.method != .HEAD { parts.append(.body(.byteBuffer(body))) }
        parts.append(.end(nil))
        try await outbound.write(contentsOf: parts)
    }
}
