/// What a verification found; the fields are those of `VerifyReport` in the interface description.
package struct VerifyReport: Codable, Sendable, Hashable {
    package var ok: Bool
    package var full: Bool
    package var startedAt: String
    package var durationSeconds: Double
    package var backups: [String]
    package var checkedObjects: Int64
    package var skippedObjects: Int64
    package var checkedBytes: Int64
    package var damaged: [DamagedObject]
    package var notes: [String]

    package init(
        ok: Bool,
        full: Bool,
        startedAt: String,
        durationSeconds: Double,
        backups: [String],
        checkedObjects: Int64,
        skippedObjects: Int64,
        checkedBytes: Int64,
        damaged: [DamagedObject],
        notes: [String]
    ) {
        self.ok = ok
        self.full = full
        self.startedAt = startedAt
        self.durationSeconds = durationSeconds
        self.backups = backups
        self.checkedObjects = checkedObjects
        self.skippedObjects = skippedObjects
        self.checkedBytes = checkedBytes
        self.damaged = damaged
        self.notes = notes
    }
}
