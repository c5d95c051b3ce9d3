import Synchronization

/// The ledger of one running server, shared by its connections.
final class Admissions: Sendable {
    private let ledger: Mutex<ConnectionLedger>

    init(_ settings: ServerSettings) {
        ledger = Mutex(
            ConnectionLedger(total: settings.maximumConnections, perUser: settings.maximumConnectionsPerUser)
        )
    }

    /// Takes a place for a connection of `user`.
    func enter(_ user: UInt32) throws(ConnectionLedger.Refusal) {
        try ledger.withLock { ledger throws(ConnectionLedger.Refusal) in try ledger.enter(user) }
    }

    /// Gives the place back.
    func leave(_ user: UInt32) { ledger.withLock { $0.leave(user) } }
}
