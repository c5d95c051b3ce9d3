/// What a verification found.
package struct VerifyReport: Sendable, Equatable {
    /// How many objects were read and compared with their names.
    package var checkedObjects: Int64 = 0
    /// Their bytes.
    package var checkedBytes: Int64 = 0
    /// How many objects were not read, for an earlier verification found them good.
    package var skippedObjects: Int64 = 0
    /// The backups whose references were checked, oldest first.
    package var backups: [BackupID] = []
    /// Objects that are not what they must be, by name. Of some backups alone, packs known to be damaged before are among them
    /// only when one of those backups loses something by it.
    package var damaged: [DamagedObject] = []
    /// Objects and chunks that should be there and are not, by name.
    package var missing: [DamagedObject] = []
    /// What is worth knowing and no damage.
    package var notes: [String] = []

    package init() {}

    /// Whether nothing is damaged or missing.
    package var isGood: Bool { damaged.isEmpty && missing.isEmpty }

    /// Damaged packs: handed to a writing session as excluded, their chunks are stored again by the next backup.
    package var damagedPacks: Set<Digest> {
        Set(damaged.filter { ObjectKind(name: $0.name) == .pack }.compactMap { ObjectName.digest(of: $0.name) })
    }

    /// The backups that can't be restored byte for byte, oldest first; others than those asked for among them.
    package var affectedBackups: [BackupID] {
        Set((damaged + missing).flatMap(\.affects)).sorted()
    }
}

/// An object that is damaged or missing.
package struct DamagedObject: Codable, Sendable, Equatable {
    /// Its name: the file's path in the repository. For a chunk that is in no pack: `chunk <id>`.
    package var name: String
    /// What is wrong with it.
    package var reason: String
    /// The backups that can't be restored byte for byte because of it, oldest first; none when all that it held is
    /// elsewhere too, or can be made again.
    package var affects: [BackupID]
    /// Whether the next backup or garbage collection mends it by itself: an index, a tombstone.
    package var isMendable: Bool

    package init(name: String, reason: String, affects: [BackupID], isMendable: Bool = false) {
        self.name = name
        self.reason = reason
        self.affects = affects
        self.isMendable = isMendable
    }
}
