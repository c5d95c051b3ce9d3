/// Decides who shares which run of a piece of work; it runs nothing itself.
///
/// One run for a key goes on at a time. Whoever asks while it does waits for the next, for its result could be older than the
/// request: what a run sees is never older than the requests that it answers. All who asked meanwhile share that next run.
struct SharedRunsStateMachine<Key: Hashable & Sendable>: Sendable {
    /// Names one who asks; never used twice.
    typealias Waiter = Int

    /// What is to be done, in order.
    enum Action: Equatable, Sendable {
        /// Begin a run for this key, then report ``finished(_:)``.
        case start(Key)
        /// Give these the result of the run that has just ended.
        case answer([Waiter])
        /// Refuse this one: too many wait.
        case refuse(Waiter)
    }

    private struct Line {
        /// Those whom the run under way is for.
        var running: [Waiter]
        /// Those who came after it began.
        var next: [Waiter] = []
    }

    private let maximumWaiters: Int
    private var lines: [Key: Line] = [:]

    init(maximumWaiters: Int) {
        self.maximumWaiters = maximumWaiters
    }

    /// How many wait for a result.
    var waiterCount: Int { lines.values.reduce(0) { $0 + $1.running.count + $1.next.count } }

    /// Keys with a run under way.
    var runningCount: Int { lines.count }

    /// Somebody wants a result.
    mutating func ask(_ waiter: Waiter, _ key: Key) -> [Action] {
        guard waiterCount < maximumWaiters else { return [.refuse(waiter)] }
        guard lines[key] != nil else {
            lines[key] = Line(running: [waiter])
            return [.start(key)]
        }
        lines[key]?.next.append(waiter)
        return []
    }

    /// A run has ended, well or not.
    mutating func finished(_ key: Key) -> [Action] {
        guard let line = lines.removeValue(forKey: key) else { return [] }
        guard !line.next.isEmpty else { return [.answer(line.running)] }
        lines[key] = Line(running: line.next)
        return [.answer(line.running), .start(key)]
    }

    /// Somebody waits no longer. The run goes on; the next one comes about only if somebody still waits for it.
    mutating func leave(_ waiter: Waiter, _ key: Key) {
        lines[key]?.running.removeAll { $0 == waiter }
        lines[key]?.next.removeAll { $0 == waiter }
    }
}
