/// How many messages a recipient got within an hour, and what was kept back.
struct Allowance: Sendable, Hashable, Codable {
    /// When it got them, on the alerts' clock; those of the last hour.
    private var sentSeconds: [Double] = []
    /// Whether there is something that it was not told.
    private(set) var isOwed = false
    /// What was over meanwhile, and it does not know yet.
    private(set) var unheard: [Alert] = []

    static let windowSeconds = 3600.0

    /// Asks for a message, which counts if it goes.
    ///
    /// - Returns: Whether it goes; else it is kept back, and a later message says how things stand then.
    mutating func take(limit: Int, seconds: Double) -> Bool {
        sentSeconds.removeAll { seconds - $0 >= Self.windowSeconds }
        guard sentSeconds.count < limit else {
            isOwed = true
            return false
        }
        sentSeconds.append(seconds)
        return true
    }

    /// Whether a message could go.
    func isFree(limit: Int, seconds: Double) -> Bool {
        sentSeconds.count { seconds - $0 < Self.windowSeconds } < limit
    }

    /// When the next message can go, on the alerts' clock.
    func freeAt(limit: Int) -> Double {
        sentSeconds.count < limit ? 0 : (sentSeconds.min() ?? 0) + Self.windowSeconds
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
        unheard = []
    }
}
