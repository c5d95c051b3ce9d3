import PostgresClient

extension BackupError {
    /// Why a server can be backed up by no method; `nil` when it can.
    ///
    /// - Parameters:
    ///   - version: The server's.
    ///   - isStandby: Whether it only follows another one; a server that is too old may not be able to tell.
    static func refusal(
        of version: ServerVersion,
        isStandby: @autoclosure () throws -> Bool
    ) rethrows -> BackupError? {
        if version.major < BaseBackup.oldestVersion {
            return BackupError(
                "serverTooOld",
                "the server is PostgreSQL \(version), and \(BaseBackup.oldestVersion) or later is needed",
                hint: "Upgrade the server; PostgreSQL \(version.major) gets no more security fixes either."
            )
        }
        guard try isStandby() else { return nil }
        return BackupError(
            "serverIsStandby",
            "the server is a standby, and backups are taken from the primary",
            hint: "Set POSTGRES_HOST and POSTGRES_PORT to the primary."
        )
    }
}
