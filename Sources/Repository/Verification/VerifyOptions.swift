package import Blocking

/// What to verify, and how thoroughly.
package struct VerifyOptions: Sendable {
    /// Which backups to verify; `nil` for everything in the repository, unneeded objects included.
    package var backups: [BackupSummary]?
    /// Whether to read every object and decode every frame; else only objects that no verification has read yet are
    /// read and compared with their names.
    package var isFull: Bool
    /// The size of an object that an earlier verification found good; `nil` for others. Called from several threads.
    package var verifiedSize: @Sendable (_ name: String) -> Int64?
    /// Told of each object that was read and found good. Called from several threads, one at a time.
    package var onVerified: @Sendable (ListedObject) -> Void
    /// A folder on a disk with room for all indexes twice: outside the repository, which may be read-only.
    package var scratchFolder: String
    /// How many packs are read at a time, 1 to 16.
    package var workers: Int
    /// Ends the verification.
    package var cancellation: CancellationFlag?
    /// Told how far it is.
    package var progress: ProgressMeter?

    package init(
        backups: [BackupSummary]? = nil,
        isFull: Bool = false,
        scratchFolder: String,
        workers: Int = 2,
        verifiedSize: @escaping @Sendable (String) -> Int64? = { _ in nil },
        onVerified: @escaping @Sendable (ListedObject) -> Void = { _ in },
        cancellation: CancellationFlag? = nil,
        progress: ProgressMeter? = nil
    ) {
        self.backups = backups
        self.isFull = isFull
        self.verifiedSize = verifiedSize
        self.onVerified = onVerified
        self.scratchFolder = scratchFolder
        self.workers = workers
        self.cancellation = cancellation
        self.progress = progress
    }
}
