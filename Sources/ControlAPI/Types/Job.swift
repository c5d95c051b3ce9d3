/// A piece of work of the daemon; the fields are those of `Job` in the interface description.
package struct Job: Codable, Sendable, Hashable {
    package var id: String
    package var kind: String
    package var state: String
    package var requestedBy: String
    package var target: String?
    package var createdAt: String
    package var startedAt: String?
    package var finishedAt: String?
    package var phase: String?
    package var bytesDone: Int64
    package var bytesTotal: Int64?
    package var filesDone: Int64
    package var filesTotal: Int64?
    package var percent: Double?
    package var bytesPerSecond: Double?
    package var etaSeconds: Double?
    package var backup: String?
    package var warnings: [String]
    package var error: Failure?

    package init(
        id: String,
        kind: String,
        state: String,
        requestedBy: String,
        target: String? = nil,
        createdAt: String,
        startedAt: String? = nil,
        finishedAt: String? = nil,
        phase: String? = nil,
        bytesDone: Int64,
        bytesTotal: Int64? = nil,
        filesDone: Int64,
        filesTotal: Int64? = nil,
        percent: Double? = nil,
        bytesPerSecond: Double? = nil,
        etaSeconds: Double? = nil,
        backup: String? = nil,
        warnings: [String],
        error: Failure? = nil
    ) {
        self.id = id
        self.kind = kind
        self.state = state
        self.requestedBy = requestedBy
        self.target = target
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.phase = phase
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
        self.filesDone = filesDone
        self.filesTotal = filesTotal
        self.percent = percent
        self.bytesPerSecond = bytesPerSecond
        self.etaSeconds = etaSeconds
        self.backup = backup
        self.warnings = warnings
        self.error = error
    }
}
