/// Says which of many like events is worth a line: the first, and then one a period, with how many there were meanwhile.
///
/// Pure: time is given, by a clock that nobody sets. At most `capacity` kinds are remembered; the one told of longest ago is
/// forgotten first.
struct RequestDigest<Kind: Hashable & Sendable>: Sendable {
    private struct Entry {
        var toldAt: Duration
        var untold = 0
    }

    private let period: Duration
    private let capacity: Int
    private var entries: [Kind: Entry] = [:]

    init(period: Duration, capacity: Int) {
        self.period = period
        self.capacity = capacity
    }

    /// Takes an event.
    ///
    /// - Returns: How many are to be told of, this one included; `nil` when it is not to be told of yet.
    mutating func note(_ kind: Kind, at now: Duration) -> Int? {
        if let entry = entries[kind], now - entry.toldAt < period {
            entries[kind]?.untold += 1
            return nil
        }
        let untold = entries[kind]?.untold ?? 0
        if entries[kind] == nil, entries.count >= capacity,
            let oldest = entries.min(by: { $0.value.toldAt < $1.value.toldAt })
        {
            entries[oldest.key] = nil
        }
        entries[kind] = Entry(toldAt: now)
        return untold + 1
    }
}
