import Alerting
import TestSupport

/// A channel that keeps its server running for as long as it delivers.
struct KeptChannel: AlertChannel {
    private let channel: any AlertChannel
    private let peer: Peer

    init(_ channel: any AlertChannel, to peer: Peer) {
        self.channel = channel
        self.peer = peer
    }

    var kind: String { channel.kind }
    var recipient: String { channel.recipient }

    func deliver(_ message: AlertMessage) async -> DeliveryOutcome {
        let outcome = await channel.deliver(message)
        withExtendedLifetime(peer) {}
        return outcome
    }
}
