/// A problem that people are told of; the fields are those of `Alert` in the interface description.
package struct Alert: Codable, Sendable, Hashable {
    package var id: String
    package var code: String
    package var state: String
    package var level: String
    package var worstLevel: String
    package var message: String
    package var hint: String?
    package var since: String
    package var firedAt: String?
    package var resolvedAt: String?
    package var acknowledgedBy: String?
    package var acknowledgedAt: String?
    package var acknowledgeReason: String?
    package var escalatedAt: String?
    package var silencedUntil: String?
    package var told: [String]
    package var lastToldAt: String?

    package init(
        id: String,
        code: String,
        state: String,
        level: String,
        worstLevel: String,
        message: String,
        hint: String? = nil,
        since: String,
        firedAt: String? = nil,
        resolvedAt: String? = nil,
        acknowledgedBy: String? = nil,
        acknowledgedAt: String? = nil,
        acknowledgeReason: String? = nil,
        escalatedAt: String? = nil,
        silencedUntil: String? = nil,
        told: [String],
        lastToldAt: String? = nil
    ) {
        self.id = id
        self.code = code
        self.state = state
        self.level = level
        self.worstLevel = worstLevel
        self.message = message
        self.hint = hint
        self.since = since
        self.firedAt = firedAt
        self.resolvedAt = resolvedAt
        self.acknowledgedBy = acknowledgedBy
        self.acknowledgedAt = acknowledgedAt
        self.acknowledgeReason = acknowledgeReason
        self.escalatedAt = escalatedAt
        self.silencedUntil = silencedUntil
        self.told = told
        self.lastToldAt = lastToldAt
    }
}
