/// A point in time by which a blocking operation must be done.
struct Deadline {
    /// `nil`: never.
    private let instant: ContinuousClock.Instant?

    static func after(_ timeout: Duration?) -> Deadline {
        Deadline(instant: timeout.map { .now + $0 })
    }

    /// The time left for poll(2), in milliseconds rounded up: -1 for no limit, 0 when it is over.
    var pollTimeout: Int32 {
        guard let instant else { return -1 }
        let left = instant - .now
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        let milliseconds = Double(seconds) * 1e3 + Double(attoseconds) / 1e15
        return Int32(min(milliseconds.rounded(.up), 1e9))
    }
}
