import NIOCore

/// Closes a connection that sends too much, or for too long, without getting an answer.
///
/// It sits before the parser, so that it bounds what the parser keeps. It knows no requests: an answer that begins starts
/// both counts anew. A client that does not read its answer is cut off by the same clock.
final class RequestGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let limits: HTTPLimits
    private var received = 0
    private var deadline: Scheduled<Void>?

    init(_ limits: HTTPLimits) {
        self.limits = limits
    }

    func channelActive(context: ChannelHandlerContext) {
        startOver(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytes
        guard received <= limits.requestBytes else { return context.close(promise: nil) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        startOver(context)
        context.write(data, promise: promise)
    }

    private func startOver(_ context: ChannelHandlerContext) {
        received = 0
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: .seconds(limits.quietSeconds)) { channel.close(promise: nil) }
    }
}
