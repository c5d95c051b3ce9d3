package import Blocking
package import PostgresClient

/// Asks a server whether base backups can be taken of it.
package enum BaseBackupProbe {
    /// Connects as a base backup would, and takes none.
    ///
    /// Blocks.
    ///
    /// - Throws: `CancellationError` only: a server that can't be reached is `unknown`.
    package static func ask(
        _ settings: ConnectionSettings,
        cancellation: CancellationFlag
    ) throws -> BackupMethodDecision.Answer {
        do {
            let connection = try ReplicationConnection.connect(settings, cancellation: cancellation)
            try BaseBackup.checkSource(connection)
            return .possible
        } catch let error as CancellationError {
            throw error
        } catch let error as BackupError where error.code == "walLevelMinimal" {
            return .refused(reason: error.message, hint: error.hint)
        } catch let error as PostgresError where [.permissionDenied, .notInHostBasedAccess].contains(error.kind) {
            return .refused(reason: error.message, hint: error.hint)
        } catch {
            return .unknown
        }
    }
}
