import FoundationEssentials

/// What is known of users, for a short time each.
///
/// Pure: time is given, as the time since some start by a clock that nobody sets. Counted is from before the question was
/// asked, so nothing is believed for longer than the lifetime after it was true.
struct UserCache: Sendable {
    private struct Entry {
        let access: UserAccess
        let askedAt: Duration
    }

    /// How long somebody who may is believed to.
    let lifetime: Duration
    /// How long somebody who may not is believed not to; shorter, for a new administrator should not have to wait.
    let refusalLifetime: Duration
    private let capacity: Int
    private var entries: [UUID: Entry] = [:]

    init(lifetime: Duration, refusalLifetime: Duration, capacity: Int) {
        self.lifetime = lifetime
        self.refusalLifetime = refusalLifetime
        self.capacity = capacity
    }

    /// How many users are remembered.
    var count: Int { entries.count }

    /// What is known of a user; `nil` when nothing is any more.
    func access(of user: UUID, at now: Duration) -> UserAccess? {
        entries[user].flatMap { isFresh($0, at: now) ? $0.access : nil }
    }

    /// Remembers an answer.
    ///
    /// - Parameter askedAt: When the question was about to be asked.
    mutating func remember(_ access: UserAccess, of user: UUID, askedAt: Duration, at now: Duration) {
        if entries[user] == nil, entries.count >= capacity {
            entries = entries.filter { isFresh($0.value, at: now) }
            if entries.count >= capacity, let oldest = entries.min(by: { $0.value.askedAt < $1.value.askedAt }) {
                entries[oldest.key] = nil
            }
        }
        entries[user] = Entry(access: access, askedAt: askedAt)
    }

    private func isFresh(_ entry: Entry, at now: Duration) -> Bool {
        now - entry.askedAt < (entry.access == .allowed ? lifetime : refusalLifetime)
    }
}
