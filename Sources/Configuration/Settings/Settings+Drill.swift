extension Settings {
    /// How recovery is rehearsed.
    package struct Drill: Sendable, Equatable {
        /// When drills run.
        package let schedule: BackupSchedule
        /// Whom a daemon started by root runs drills as; `nil` when not set: `recyclic`, else `nobody`.
        package let user: String?
        /// Scratch space, absolute; by default `drills` in the state directory.
        package let directory: String
        /// A drill is given up after this many minutes, 1 to 10080.
        package let timeoutMinutes: Int
        /// File of the operator's own SQL checks.
        package let checksFile: String?
    }
}
