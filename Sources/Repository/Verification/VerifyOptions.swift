package import Blocking

/// What to verify, and how thoroughly.
package struct VerifyOptions: Sendable {
    /// Which packs' frames are decoded.
    ///
    /// Decoding costs several times as much as reading and hashing. The same bytes decode to the same chunks, so a pack
    /// that was decoded once and still has its SHA-256 needs no second time, unless the decoder itself is in doubt.
    package enum Decoding: Sendable {
        /// None: only names are compared with bytes.
        case none
        /// Those that are read and that no verification has decoded yet.
        case unverified
        /// All that are read.
        case all
    }

    /// Which backups to verify; `nil` for everything in the repository, unneeded objects included.
    package var backups: [BackupSummary]?
    /// Packs known to be damaged. Of some backups alone they are read only where no other copy is.
    package var damaged: Set<Digest>
    /// Whether to read every object and compare it with its name; else only those no verification has read yet.
    package var isFull: Bool
    /// Which packs' frames are decoded and compared with their chunks' ids.
    package var decoding: Decoding
    /// The size of an object that an earlier verification found good, its frames decoded; `nil` for others. Called
    /// from several threads.
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

    /// Frames are decoded by default where no verification did so yet, and in a full verification everywhere.
    package init(
        backups: [BackupSummary]? = nil,
        damaged: Set<Digest> = [],
        isFull: Bool = false,
        decoding: Decoding? = nil,
        scratchFolder: String,
        workers: Int = 2,
        verifiedSize: @escaping @Sendable (String) -> Int64? = { _ in nil },
        onVerified: @escaping @Sendable (ListedObject) -> Void = { _ in },
        cancellation: CancellationFlag? = nil,
        progress: ProgressMeter? = nil
    ) {
        self.backups = backups
        self.damaged = damaged
        self.isFull = isFull
        self.decoding = decoding ?? (isFull ? .all : .unverified)
        self.verifiedSize = verifiedSize
        self.onVerified = onVerified
        self.scratchFolder = scratchFolder
        self.workers = workers
        self.cancellation = cancellation
        self.progress = progress
    }
}
