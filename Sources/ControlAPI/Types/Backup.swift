/// A stored, restorable copy; the fields are those of `Backup` in the interface description.
package struct Backup: Codable, Sendable, Hashable {
    package var id: String
    package var kind: String
    package var cluster: String
    package var database: String?
    package var startedAt: String
    package var finishedAt: String
    package var durationSeconds: Double
    package var logicalBytes: Int64
    package var storedBytes: Int64
    package var addedBytes: Int64
    package var files: Int64
    package var pinned: Bool
    package var pinReason: String?
    package var provedAt: String?
    package var serverVersion: String
    package var fileName: String
    package var findings: [Finding]

    package init(
        id: String,
        kind: String,
        cluster: String,
        database: String? = nil,
        startedAt: String,
        finishedAt: String,
        durationSeconds: Double,
        logicalBytes: Int64,
        storedBytes: Int64,
        addedBytes: Int64,
        files: Int64,
        pinned: Bool,
        pinReason: String? = nil,
        provedAt: String? = nil,
        serverVersion: String,
        fileName: String,
        findings: [Finding]
    ) {
        self.id = id
        self.kind = kind
        self.cluster = cluster
        self.database = database
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.durationSeconds = durationSeconds
        self.logicalBytes = logicalBytes
        self.storedBytes = storedBytes
        self.addedBytes = addedBytes
        self.files = files
        self.pinned = pinned
        self.pinReason = pinReason
        self.provedAt = provedAt
        self.serverVersion = serverVersion
        self.fileName = fileName
        self.findings = findings
    }
}
