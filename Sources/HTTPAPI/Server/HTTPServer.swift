package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP server for readers on this machine: small requests whose bodies are dropped, small answers.
package struct HTTPServer: Sendable {
    /// Where to listen.
    package enum Place: Sendable {
        /// A TCP address. Port 0 takes any free one.
        case address(host: String, port: Int)
        /// A socket that listens already; the server closes it.
        case descriptor(Int32)
    }

    private struct Connection: Sendable {
        let channel: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
        let peer: HTTPPeer
    }

    private let limits: HTTPLimits
    private let logger: Logger
    private let answer: @Sendable (HTTPRequest) async -> HTTPAnswer?

    /// - Parameters:
    ///   - limits: What clients may take.
    ///   - logger: Gets refused and broken connections at debug.
    ///   - answer: The answer to a request of any method; `nil` where there is nothing at its path. The body for GET serves
    ///     HEAD, too.
    package init(
        limits: HTTPLimits = HTTPLimits(),
        logger: Logger,
        answer: @escaping @Sendable (HTTPRequest) async -> HTTPAnswer?
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
        // One event loop does: it moves bytes, and the work for an answer is done elsewhere.
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
                return Connection(
                    channel: try NIOAsyncChannel(wrappingChannelSynchronously: channel),
                    peer: HTTPPeer(channel)
                )
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
                        group.addTask { try? await connection.channel.executeThenClose { _, _ in } }
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
            try await connection.channel.executeThenClose { inbound, outbound in
                var head: HTTPRequestHead?
                for try await part in inbound {
                    switch part {
                    case .head(let request): head = request
                    case .body: break
                    case .end:
                        guard let request = head else { continue }
                        try await reply(to: request, from: connection.peer, outbound)
                        guard request.isKeepAlive else { return }
                    }
                }
            }
        } catch {
            logger.debug("connection lost", metadata: ["error": "\(error)"])
        }
    }

    /// The path and query of a request's target, which may be a whole address (RFC 9112, section 3.2.2).
    static func relative(_ target: String) -> Substring {
        guard target.prefix(7).lowercased() == "http://" else { return target[...] }
        let rest = target.dropFirst(7)
        guard let end = rest.firstIndex(where: { "/?".contains($0) }) else { return "/" }
        return rest[end] == "/" ? rest[end...] : "/" + rest[end...]
    }

    private func reply(
        to request: HTTPRequestHead,
        from peer: HTTPPeer,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        let uri = Self.relative(request.uri)
        let path = uri.prefix { $0 != "?" }
        let answer =
            await self.answer(
                HTTPRequest(
                    method: request.method.rawValue,
                    path: String(path),
                    query: path.endIndex < uri.endIndex ? String(uri[path.endIndex...].dropFirst()) : nil,
                    headers: request.headers.map { (name: $0.name, value: $0.value) },
                    peer: peer
                )
            ) ?? .text(404, "there is nothing at this path")
        let body = ByteBuffer(string: answer.body)
        var head = HTTPResponseHead(version: request.version, status: .init(statusCode: answer.status))
        head.headers.add(name: "Content-Type", value: answer.contentType)
        head.headers.add(name: "Content-Length", value: "\(body.readableBytes)")
        head.headers.add(name: "Cache-Control", value: "no-store")
        for header in answer.headers { head.headers.add(name: header.name, value: header.value) }
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
