/// How many messages a recipient got within an hour, and what was kept back.
struct Allowance: Sendable, Hashable, Codable {
    /// When it got them, on the alerts' clock; those of the last hour.
    private var sentSeconds: [Double] = []
    /// Whether there is something that it was not told.
    private(set) var isOwed = false
    /// Whether something critical and new is among that; `nil` is no.
    private var isUrgentOwed: Bool?
    /// What was over meanwhile, and it does not know yet.
    private(set) var unheard: [Alert] = []

    static let windowSeconds = 3600.0

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sentSeconds = try container.decode([Double].self, forKey: .sentSeconds)
        isOwed = try container.decode(Bool.self, forKey: .isOwed)
        isUrgentOwed = try container.decodeIfPresent(Bool.self, forKey: .isUrgentOwed)
        // One that can't be read must not take all that is remembered with it.
        unheard = try container.decode([Readable<Alert>].self, forKey: .unheard).compactMap(\.value)
    }

    /// Asks for a message, which counts if it goes.
    ///
    /// - Parameters:
    ///   - isUrgent: Whether it tells something critical and new, for which some messages are kept.
    ///   - policy: How many there may be.
    ///   - seconds: The time, on the alerts' clock.
    /// - Returns: Whether it goes; else it is kept back, and a later message says how things stand then.
    mutating func take(isUrgent: Bool, _ policy: AlertPolicy, seconds: Double) -> Bool {
        sentSeconds.removeAll { seconds - $0 >= Self.windowSeconds }
        guard sentSeconds.count < Self.limit(isUrgent, policy) else {
            isOwed = true
            if isUrgent { isUrgentOwed = true }
            return false
        }
        sentSeconds.append(seconds)
        return true
    }

    /// Whether a message could go.
    func isFree(isUrgent: Bool, _ policy: AlertPolicy, seconds: Double) -> Bool {
        sentSeconds.count { seconds - $0 < Self.windowSeconds } < Self.limit(isUrgent, policy)
    }

    /// Whether what was kept back can be told.
    func canSettle(_ policy: AlertPolicy, seconds: Double) -> Bool {
        isOwed && isFree(isUrgent: isUrgentOwed == true, policy, seconds: seconds)
    }

    /// How long nothing comes; `nil` when the next message can go.
    func pause(_ policy: AlertPolicy, seconds: Double) -> AlertNotice.Pause? {
        guard !isFree(isUrgent: false, policy, seconds: seconds) else { return nil }
        let isUrgentFree = isFree(isUrgent: true, policy, seconds: seconds)
        let limit = Self.limit(!isUrgentFree, policy)
        // So many of those that count now must have become old.
        let counting = sentSeconds.filter { seconds - $0 < Self.windowSeconds }.sorted()
        let end = counting[counting.count - limit] + Self.windowSeconds
        return AlertNotice.Pause(seconds: max(0, end - seconds), isUrgentExempt: isUrgentFree)
    }

    private static func limit(_ isUrgent: Bool, _ policy: AlertPolicy) -> Int {
        isUrgent ? policy.messagesPerHour : policy.ordinaryMessagesPerHour
    }

    /// Remembers what was over and could not be told.
    mutating func keep(_ alerts: [Alert]) {
        for alert in alerts {
            // Of each problem the last time counts: as many as there are codes at most.
            unheard.removeAll { $0.code == alert.code }
            unheard.append(alert)
        }
    }

    /// Everything is told now.
    mutating func settle() {
        isOwed = false
        isUrgentOwed = nil
        unheard = []
    }
}
