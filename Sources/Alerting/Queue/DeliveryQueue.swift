package import FoundationEssentials

/// Messages on their way, a line for each recipient, and when which is tried. Pure: no clock, no I/O, no chance.
///
/// A message stays until it is delivered, overtaken by a newer one about the same alerts, or given up. One is tried at a
/// time per recipient, so that one who hangs holds nobody else up.
package struct DeliveryQueue: Sendable {
    /// Messages that wait for one recipient at most.
    package static let limit = 50
    /// How long a message is worth delivering, in seconds: 3 days.
    package static let lifetimeSeconds = 3 * 86_400.0
    /// The wait after the first failure, in seconds; it doubles with each.
    package static let firstDelaySeconds = 5.0
    /// The longest wait, in seconds.
    package static let longestDelaySeconds = 900.0

    private struct Line {
        /// Waiting ones, oldest first.
        var waiting: [Delivery] = []
        /// Which of them is being tried.
        var current: Int64?
        /// No attempt before this, on the alerts' clock.
        var pausedUntil = 0.0
        /// Whether the pause is for what was refused: what was never tried passes it, for it may be the message that was
        /// refused and not the recipient.
        var isPausedForRefused = false
        /// What was refused since something got there or was changed.
        var refused: Set<Int64> = []
        /// Whether the last attempt failed, and nothing got there since.
        var isFailing = false

        /// What may be tried at a time.
        func ready(_ seconds: Double) -> [Delivery] {
            guard current == nil else { return [] }
            let isPaused = pausedUntil > seconds
            return waiting.filter { delivery in
                if isPaused, !isPausedForRefused || delivery.attempts > 0 { return false }
                // Or "over" would come first, and then that it has begun.
                return !waiting.contains { delivery.isEnd(ofWhat: $0) && !isPassed($0, by: delivery) }
            }
        }

        /// Whether an end need not wait for what it ends: that was refused, which may be for its own sake, and the end was not
        /// tried as often.
        func isPassed(_ problem: Delivery, by end: Delivery) -> Bool {
            refused.contains(problem.id) && end.attempts < problem.attempts
        }
    }

    private var lines: [AlertRecipient: Line] = [:]
    private var nextID: Int64 = 1
    /// How deliveries went, by recipient.
    package private(set) var records: [AlertRecipient: RecipientRecord] = [:]
    /// What changed since it was asked last.
    private var changed: [Int64: Delivery] = [:]
    private var changedRecords: Set<AlertRecipient> = []

    package init() {}

    /// What an earlier process left.
    ///
    /// - Parameters:
    ///   - waiting: What was queued; one that was being tried is tried again, with the same id.
    ///   - records: How deliveries went.
    ///   - nextID: A number that no delivery has.
    package init(waiting: [Delivery], records: [RecipientRecord], nextID: Int64) {
        for delivery in waiting.sorted(by: { $0.id < $1.id }) where delivery.state == .queued {
            lines[delivery.recipient, default: Line()].waiting.append(delivery)
        }
        self.records = Dictionary(records.map { ($0.recipient, $0) }) { $1 }
        self.nextID = max(nextID, (waiting.map(\.id).max() ?? 0) + 1)
    }

    /// How many wait.
    package var count: Int { lines.values.map(\.waiting.count).reduce(0, +) }

    /// What waits for a recipient, oldest first.
    package func waiting(for recipient: AlertRecipient) -> [Delivery] { lines[recipient]?.waiting ?? [] }

    // MARK: - In

    /// Puts a message in for each recipient.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - recipients: To whom.
    ///   - alerts: The alerts it is about; older messages about nothing else are overtaken by it.
    ///   - ends: Those of them whose end it tells. It is not tried before older messages about these.
    ///   - isSummary: Whether it says how everything stands, which overtakes all that speak of alerts and tell no end that it does
    ///     not tell.
    ///   - moment: The time.
    package mutating func add(
        _ message: AlertMessage,
        to recipients: [AlertRecipient],
        alerts: [Int64],
        ends: [Int64] = [],
        isSummary: Bool = false,
        at moment: AlertMoment
    ) {
        let subjects = Set(alerts)
        for recipient in recipients {
            leave(recipient, .superseded, moment) { waiting in
                guard !waiting.alerts.isEmpty else { return false }
                // How things stand does not tell what is over, except where it says so.
                return subjects.isSuperset(of: isSummary ? Array(waiting.ended) : waiting.current)
            }
            let delivery = Delivery(
                id: nextID,
                message: message,
                recipient: recipient,
                alerts: alerts,
                ends: ends,
                seconds: moment.seconds
            )
            nextID += 1
            lines[recipient, default: Line()].waiting.append(delivery)
            changed[delivery.id] = delivery
            makeRoom(recipient, moment)
        }
    }

    /// Too many: what matters least goes first, and of that the oldest.
    private mutating func makeRoom(_ recipient: AlertRecipient, _ moment: AlertMoment) {
        guard let line = lines[recipient], line.waiting.count > Self.limit else { return }
        let candidates = line.waiting.filter { $0.id != line.current }
        guard let victim = candidates.min(by: { ($0.message.level, $0.id) < ($1.message.level, $1.id) }) else { return }
        leave(recipient, .dropped, moment) { $0.id == victim.id }
    }

    // MARK: - Out

    /// What is to be tried now; each counts as being tried until ``finish(_:_:jitter:at:)``.
    package mutating func start(at moment: AlertMoment) -> [Delivery] {
        var started: [Delivery] = []
        for recipient in lines.keys.sorted() {
            leave(recipient, .dropped, moment) { moment.seconds - $0.queuedSeconds >= Self.lifetimeSeconds }
            let ready = lines[recipient]?.ready(moment.seconds) ?? []
            // One that fails for its own sake does not stop the others.
            guard let next = ready.min(by: { ($0.attempts, $0.id) < ($1.attempts, $1.id) }) else { continue }
            lines[recipient]?.current = next.id
            started.append(next)
        }
        return started
    }

    /// Takes what came of an attempt.
    ///
    /// - Parameters:
    ///   - delivery: What was tried.
    ///   - outcome: What came of it.
    ///   - jitter: A number from 0 to 1 by chance, so that many machines do not come back at the same time.
    ///   - moment: The time.
    /// - Returns: How long the recipient is left alone after a failure, in seconds.
    @discardableResult
    package mutating func finish(
        _ delivery: Delivery,
        _ outcome: DeliveryOutcome,
        jitter: Double,
        at moment: AlertMoment
    ) -> Double? {
        let recipient = delivery.recipient
        guard lines[recipient] != nil else {
            // The recipient was taken off the lists while it was tried.
            var last = delivery
            last.state = outcome == .delivered ? .delivered : .dropped
            last.finishedAt = moment.date
            changed[last.id] = last
            return nil
        }
        note(recipient, outcome, at: moment.date)
        if lines[recipient]?.current == delivery.id { lines[recipient]?.current = nil }
        let place = lines[recipient]?.waiting.firstIndex { $0.id == delivery.id }
        if let place { lines[recipient]?.waiting[place].attempts += 1 }
        switch outcome {
        case .delivered:
            leave(recipient, .delivered, moment) { $0.id == delivery.id }
            settle(delivery, moment)
            return nil
        case .failed(let failure, let retryAfterSeconds):
            let delay = delay(recipient, jitter: jitter, atLeast: retryAfterSeconds)
            lines[recipient]?.isPausedForRefused = false
            fail(recipient, place, failure, after: delay, moment)
            return delay
        case .refused(let failure):
            // It takes somebody to change something; until then it is asked now and then, and with each new message.
            let delay = Self.longestDelaySeconds * (1 + jitter / 4)
            lines[recipient]?.isPausedForRefused = true
            lines[recipient]?.refused.insert(delivery.id)
            fail(recipient, place, failure, after: delay, moment)
            return delay
        }
    }

    /// Notes an attempt that was made beside the queue, as a test is. After one that got there, what waits is tried at once.
    package mutating func note(_ recipient: AlertRecipient, _ outcome: DeliveryOutcome, at date: Date) {
        records[recipient, default: RecipientRecord(recipient)].note(outcome, at: date)
        changedRecords.insert(recipient)
        guard outcome == .delivered else { return }
        lines[recipient]?.pausedUntil = 0
        lines[recipient]?.refused = []
        lines[recipient]?.isFailing = false
    }

    /// Whether a message to a recipient failed, and none got there since. Attempts beside the queue that fail do not count.
    package func isFailing(_ recipient: AlertRecipient) -> Bool { lines[recipient]?.isFailing ?? false }

    /// An attempt that was cut short counts as none: it is made again, with the same id.
    package mutating func abandon(_ delivery: Delivery) {
        if lines[delivery.recipient]?.current == delivery.id { lines[delivery.recipient]?.current = nil }
    }

    // MARK: - Changes around it

    /// Takes note of who is on a list: what waits for others is dropped, and everybody is tried anew, for what was wrong
    /// may have been mended.
    package mutating func setRecipients(_ recipients: Set<AlertRecipient>, at moment: AlertMoment) {
        for recipient in lines.keys {
            if recipients.contains(recipient) {
                lines[recipient]?.pausedUntil = 0
                lines[recipient]?.refused = []
            } else {
                leave(recipient, .dropped, moment) { _ in true }
                lines[recipient] = nil
            }
        }
        for recipient in records.keys where !recipients.contains(recipient) {
            records[recipient] = nil
            changedRecords.insert(recipient)
        }
    }

    /// Whether there is something to be written down.
    package var hasChanges: Bool { !changed.isEmpty || !changedRecords.isEmpty }

    /// What is to be written down since the last call.
    package mutating func takeChanges() -> (deliveries: [Delivery], records: [AlertRecipient: RecipientRecord?]) {
        let deliveries = changed.values.sorted { $0.id < $1.id }
        let pairs = changedRecords.map { ($0, records[$0]) }
        changed = [:]
        changedRecords = []
        return (deliveries, Dictionary(uniqueKeysWithValues: pairs))
    }

    // MARK: - Parts

    /// What an end got ahead of has less to say, or nothing.
    private mutating func settle(_ end: Delivery, _ moment: AlertMoment) {
        let recipient = end.recipient
        for place in lines[recipient]?.waiting.indices ?? 0..<0 {
            guard var problem = lines[recipient]?.waiting[place], end.isEnd(ofWhat: problem),
                problem.note(endOf: end.ended)
            else { continue }
            lines[recipient]?.waiting[place] = problem
            changed[problem.id] = problem
        }
        leave(recipient, .superseded, moment) { !$0.alerts.isEmpty && $0.current.isEmpty }
    }

    private mutating func leave(
        _ recipient: AlertRecipient,
        _ state: Delivery.State,
        _ moment: AlertMoment,
        where condition: (Delivery) -> Bool
    ) {
        guard let line = lines[recipient] else { return }
        var rest: [Delivery] = []
        for var delivery in line.waiting {
            // What is being tried can't be called back; it may be there already.
            let isFree = line.current != delivery.id
            guard isFree || state == .delivered, condition(delivery) else {
                rest.append(delivery)
                continue
            }
            delivery.state = state
            delivery.finishedAt = moment.date
            changed[delivery.id] = delivery
        }
        lines[recipient]?.waiting = rest
    }

    private mutating func fail(
        _ recipient: AlertRecipient,
        _ place: Int?,
        _ failure: DeliveryFailure,
        after delay: Double,
        _ moment: AlertMoment
    ) {
        lines[recipient]?.pausedUntil = moment.seconds + delay
        lines[recipient]?.isFailing = true
        guard let place, var delivery = lines[recipient]?.waiting[place] else { return }
        delivery.failure = failure
        lines[recipient]?.waiting[place] = delivery
        changed[delivery.id] = delivery
        // What came after it while it was tried may have overtaken it.
        let later = lines[recipient]?.waiting.filter { $0.id > delivery.id } ?? []
        let isOvertaken = !delivery.alerts.isEmpty && later.contains { Set($0.alerts).isSuperset(of: delivery.current) }
        if isOvertaken { leave(recipient, .superseded, moment) { $0.id == delivery.id } }
    }

    private func delay(_ recipient: AlertRecipient, jitter: Double, atLeast asked: Double?) -> Double {
        let failures = records[recipient]?.failuresInARow ?? 1
        let doublings = Double(min(max(failures - 1, 0), 12))
        var factor = 1.0
        for _ in 0..<Int(doublings) { factor *= 2 }
        let own = min(Self.firstDelaySeconds * factor, Self.longestDelaySeconds) * (1 + jitter / 4)
        // A peer may ask for more, but not for silence: an hour at most.
        return max(own, min(asked ?? 0, 3600))
    }
}
