import Blocking
import PostgresClient

extension BackupError {
    /// The server changed its timeline between two questions.
    static let timelineChanged = BackupError(
        "timelineChanged",
        "the server changed its timeline while the backup began",
        hint: "Run the backup again."
    )

    /// The error to show for one that a backup ran into: most explain themselves; some need to know of the backup.
    static func explaining(_ error: any Error) -> any Error {
        guard let error = error as? PostgresError else { return error }
        switch (error.kind, error.sqlState) {
        case (.tooManyConnections, _):
            return BackupError(
                error.code,
                "the server has no connection left for the backup: \(error.message)",
                hint: "A backup needs two; raise max_wal_senders (and max_connections) and restart the server."
            )
        case (.permissionDenied, _):
            return BackupError(
                error.code,
                "the server refuses the backup: \(error.message)",
                hint: error.hint
                    ?? "Give the role the right: ALTER ROLE … REPLICATION LOGIN; 'recyclicd setup-sql' prints it."
            )
        case (.connectionLost, _):
            return BackupError(
                error.code,
                "the connection to the server was lost during the backup: \(error.message)",
                hint: "Look at the server's log and whether it runs; the next run uses again what was stored already."
            )
        case (.timedOut, _):
            return BackupError(
                error.code,
                "the server fell silent during the backup: \(error.message)",
                hint:
                    "Check the network between this host and the server; the next run uses again what was stored already."
            )
        default: return error
        }
    }
}
