/// The figures that were read last, of few questions: what was used least lately is forgotten first.
struct KnownFiguresMemory: Sendable {
    /// What was asked, and over which connection: another one can't recognise them.
    struct Key: Sendable, Hashable {
        let question: ReceptionQuestion
        let connection: UInt64
    }

    private let capacity: Int
    private var entries: [Key: (known: KnownFigures, usedAt: Int)] = [:]
    private var uses = 0

    /// - Parameter capacity: How many are remembered, at least 1.
    init(capacity: Int) {
        precondition(capacity >= 1, "a memory that keeps nothing")
        self.capacity = capacity
    }

    /// How many are remembered.
    var count: Int { entries.count }

    /// What is known; to be asked each time it is used.
    mutating func recall(_ key: Key) -> KnownFigures? {
        uses += 1
        entries[key]?.usedAt = uses
        return entries[key]?.known
    }

    /// Keeps figures, or forgets those of before where there are none.
    mutating func remember(_ known: KnownFigures?, for key: Key) {
        guard let known else {
            entries[key] = nil
            return
        }
        if entries[key] == nil, entries.count >= capacity,
            let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt })
        {
            entries[oldest.key] = nil
        }
        uses += 1
        entries[key] = (known, uses)
    }
}
