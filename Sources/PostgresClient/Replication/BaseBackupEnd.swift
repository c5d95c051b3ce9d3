/// What the server says after a base backup's data.
package struct BaseBackupEnd: Sendable {
    /// Where recovery is consistent at the earliest: WAL from the start up to here is part of the backup.
    package let position: TimelinePosition
    /// The error at the end when data checksums did not match (SQLSTATE XX001): the backup is whole, and so is the damage.
    package let damage: PostgresError?
    /// The server's warnings during the backup: with damage they name file and block. The first 1000.
    package let notices: [Notice]
}
