/// A moment until which something may take.
struct Deadline {
    /// What was allowed in all, for messages.
    let allowed: Duration
    private let end: ContinuousClock.Instant

    /// A deadline this far away.
    init(in duration: Duration) {
        allowed = duration
        end = .now + duration
    }

    /// What is left of it; negative when it has passed.
    var remaining: Duration {
        ContinuousClock.now.duration(to: end)
    }
}

extension Duration {
    /// Milliseconds for poll(2), at least 1 for any time left.
    var wholeMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return Int32(clamping: max(1, milliseconds))
    }
}
