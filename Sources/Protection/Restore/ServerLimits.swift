/// The settings that a server in recovery must have at least as high as the server that wrote the WAL.
///
/// The control file records what the source really ran with, wherever that was set: on a command line, say.
package struct ServerLimits: Hashable, Sendable {
    /// `max_connections`.
    package var maxConnections: Int32
    /// `max_worker_processes`.
    package var maxWorkerProcesses: Int32
    /// `max_wal_senders`.
    package var maxWALSenders: Int32
    /// `max_prepared_transactions`.
    package var maxPreparedTransactions: Int32
    /// `max_locks_per_transaction`.
    package var maxLocksPerTransaction: Int32

    package init(
        maxConnections: Int32,
        maxWorkerProcesses: Int32,
        maxWALSenders: Int32,
        maxPreparedTransactions: Int32,
        maxLocksPerTransaction: Int32
    ) {
        self.maxConnections = maxConnections
        self.maxWorkerProcesses = maxWorkerProcesses
        self.maxWALSenders = maxWALSenders
        self.maxPreparedTransactions = maxPreparedTransactions
        self.maxLocksPerTransaction = maxLocksPerTransaction
    }

    /// The settings by the server's names for them.
    package var settings: [(name: String, value: String)] {
        [
            ("max_connections", "\(maxConnections)"),
            ("max_worker_processes", "\(maxWorkerProcesses)"),
            ("max_wal_senders", "\(maxWALSenders)"),
            ("max_prepared_transactions", "\(maxPreparedTransactions)"),
            ("max_locks_per_transaction", "\(maxLocksPerTransaction)"),
        ]
    }
}
