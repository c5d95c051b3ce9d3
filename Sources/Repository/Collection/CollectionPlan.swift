/// What garbage collection would do now.
package struct CollectionPlan: Sendable, Equatable {
    /// Objects that nothing needs and no tombstone names yet.
    package var dead: [ListedObject] = []
    /// Packs of which little is needed.
    package var sparse: [ListedObject] = []
    /// The bytes of all packs.
    package var storedBytes: Int64 = 0
    /// The bytes of the frames that backups need.
    package var liveBytes: Int64 = 0
    /// Chunks that backups need and that are in no pack: verify tells which.
    package var missingChunks = 0

    package init() {}
}

/// What garbage collection did.
package struct CollectionReport: Sendable, Equatable {
    /// The backups that it deleted.
    package var deletedBackups: [BackupID] = []
    /// What it had found.
    package var plan: CollectionPlan
    /// How many packs it wrote to move chunks.
    package var writtenPacks = 0
    /// Their bytes.
    package var writtenBytes: Int64 = 0
    /// How many objects it named in a tombstone.
    package var buriedObjects = 0
    /// Their bytes.
    package var buriedBytes: Int64 = 0
    /// How many objects it removed.
    package var sweptObjects = 0
    /// Their bytes.
    package var sweptBytes: Int64 = 0
    /// Whether readers were in the way of the removal.
    package var isSweepPutOff = false
    /// What else an operator may want to know.
    package var notes: [String] = []

    init(plan: CollectionPlan) {
        self.plan = plan
    }
}
