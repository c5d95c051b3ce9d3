package import Repository

extension DrillResult {
    /// The result for a backup that could not even be opened: its manifest, or the index, can't be read.
    ///
    /// - Parameters:
    ///   - backup: The backup.
    ///   - error: Why not; its message names the object.
    package init(unopened backup: BackupID, _ error: RepositoryError) {
        self.init(backup: backup)
        // Damage and loss are the backup's fault; all else, a lock or a missing right, is the machine's.
        verdict = error.kind == .damaged || error.kind == .notFound ? .failed : .cannotJudge
        reasons = [error.message]
        hints = error.hint.map { [$0] } ?? []
    }
}
