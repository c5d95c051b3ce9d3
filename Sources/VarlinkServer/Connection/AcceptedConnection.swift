import NIOCore

/// A connection as the listener hands it over.
struct AcceptedConnection: Sendable {
    let channel: NIOAsyncChannel<[UInt8], ByteBuffer>
    /// `nil` when the kernel would not tell, which ends the connection.
    let peer: PeerCredentials?

    /// Runs on the channel's event loop.
    init(channel: any Channel, maximumMessageBytes: Int) throws {
        let operations = channel.pipeline.syncOperations
        peer =
            try operations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                PeerCredentials(descriptor: $0)
            } ?? nil
        try operations.addHandler(ByteToMessageHandler(FrameDecoder(limit: maximumMessageBytes)))
        // One call is worked on and one may wait; more are left in the kernel's buffer, which stops the sender.
        self.channel = try NIOAsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2))
        )
    }
}
