import Logging
import NIOCore
import Varlink

/// One connection of a client, from its admission to its end.
struct ServerConnection: Sendable {
    let server: VarlinkServer
    let channel: any Channel
    let peer: PeerCredentials
    let logger: Logger
    private let hangUp: HangUp
    private let idle: CloseTimer
    private let stalled: CloseTimer

    init(server: VarlinkServer, channel: any Channel, peer: PeerCredentials, logger: Logger) {
        self.server = server
        self.channel = channel
        self.peer = peer
        self.logger = logger
        hangUp = HangUp(channel)
        idle = CloseTimer(channel, after: server.settings.idleTimeout)
        stalled = CloseTimer(channel, after: server.settings.writeTimeout)
    }

    /// Answers calls until the client closes or is cut off.
    ///
    /// - Throws: what makes the connection useless: garbage, a limit, a failure to write.
    func serve(_ messages: NIOAsyncChannelInboundStream<[UInt8]>) async throws {
        let isAllowed = await server.authorize(peer)
        if !isAllowed { logger.info("peer is not allowed") }
        idle.start()
        defer {
            idle.stop()
            if idle.hasFired { logger.debug("closed after being idle too long") }
            if stalled.hasFired { logger.info("closed: the client does not read its replies") }
        }
        for try await message in messages {
            idle.stop()
            let call = try VarlinkCall(parsing: message)
            guard isAllowed else {
                // One answer, so that the client can tell its user why; then the connection is over.
                if !call.oneway { try await write(VarlinkReply(.permissionDenied), to: call) }
                return
            }
            logger.debug("call", metadata: ["method": "\(call.method)"])
            try await answer(call)
            idle.start()
        }
    }

    private func answer(_ call: VarlinkCall) async throws {
        if call.oneway {
            // Nobody waits for it, so a client that leaves right away does not stop it.
            _ = await outcome(of: call, ReplyWriter(isActive: false) { _ in })
            return
        }
        let writer = ReplyWriter(isActive: call.more) { reply in
            do {
                try await write(reply, to: call)
            } catch {
                throw CancellationError()
            }
        }
        let reply = await withTaskGroup(of: VarlinkReply?.self) { group in
            group.addTask { await outcome(of: call, writer) }
            group.addTask {
                await hangUp.wait()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let reply { try await write(reply, to: call) }
    }

    private func outcome(of call: VarlinkCall, _ writer: ReplyWriter) async -> VarlinkReply {
        let serverCall = VarlinkServerCall(message: call, peer: peer, replies: writer)
        do {
            let handler = try server.directory.handler(for: call)
            return VarlinkReply(parameters: try await handler(serverCall))
        } catch let error as VarlinkError {
            return VarlinkReply(error)
        } catch let error as any VarlinkErrorConvertible {
            return VarlinkReply(error.varlinkError)
        } catch {
            if let mapped = server.mapError(error, serverCall) { return VarlinkReply(mapped) }
            if !(error is CancellationError) {
                logger.error("call failed", metadata: ["method": "\(call.method)", "error": "\(error)"])
            }
            return VarlinkReply(error: call.interfaceName + ".InternalError")
        }
    }

    /// Sends one message and waits until the kernel has all of it.
    private func write(_ reply: VarlinkReply, to call: VarlinkCall) async throws {
        if let violation = server.directory.violation(in: reply, to: call) {
            logger.error(
                "reply is not as the interface describes it, sending it nevertheless",
                metadata: ["method": "\(call.method)", "violation": "\(violation)"]
            )
        }
        let buffer = channel.allocator.buffer(bytes: reply.serialized)
        stalled.start()
        defer { stalled.stop() }
        try await withTaskCancellationHandler {
            try await channel.writeAndFlush(buffer).get()
        } onCancel: {
            // The only way to end a write that the client keeps waiting.
            channel.close(promise: nil)
        }
    }
}
