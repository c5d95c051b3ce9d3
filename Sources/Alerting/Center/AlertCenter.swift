import Blocking
package import FoundationEssentials
package import Logging
package import Monitoring
package import State
import Synchronization

/// Holds the alerts and the messages on their way, and does what the machine and the queue decide.
///
/// What it knows is in memory; the state is where it is written down, before anything is sent. When that can't be done, as
/// on a full disk, people are told all the same, and it is written as soon as it can be. A message whose delivery was not
/// certain when the process died is sent again with the same id.
package actor AlertCenter {
    /// How long messages may take that are on their way when the daemon is asked to stop.
    package static let drainPatience = Duration.seconds(5)
    /// How long what is to be sent waits for being written down.
    private static let writingPatience = Duration.seconds(15)
    /// How long an answer waits for what it says to be written down, unless told otherwise.
    package static let answeringPatience = Duration.seconds(8)
    /// The alerts' clock is written down at least this often, in seconds.
    private static let longestUnwritten = 6 * 3600.0
    /// How many events may wait for being recorded; the oldest go first.
    private static let maximumUnrecorded = 500

    private let state: StateStore
    private let record: @Sendable ([EventDraft]) async -> Void
    private let readBoot: @Sendable () -> ClockMark?
    private let onFailure: @Sendable (_ message: String, _ hint: String?) -> Void
    private let logger: Logger
    private let patience: Duration
    private let clock: AlertClock
    private var configuration: AlertConfiguration
    private var channels: [AlertRecipient: any AlertChannel]
    private var machine: AlertStateMachine
    private var queue: DeliveryQueue
    private var journal = AlertJournal()
    /// Since when something is being written down; `nil` when nothing is.
    private var writingSince: ContinuousClock.Instant?
    private var writtenSeconds = 0.0
    /// Who waits for the end of what others are writing or recording.
    private var waitingForEnds: [AsyncStream<Void>.Continuation] = []
    private var unwritable: (since: Date, reason: String)?
    /// Events that are still to be recorded, in their order.
    private var unrecorded: [EventDraft] = []
    private var isRecording = false
    private var counts: [String: DeliveryCounts] = [:]
    /// How pings to the service outside go; `nil` where there is none.
    private var pings: RecipientRecord?
    private var inFlight = 0
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation
    private let stopAt = Mutex<ContinuousClock.Instant?>(nil)

    /// Goes on where an earlier process stopped.
    ///
    /// - Parameters:
    ///   - state: Where alerts are kept.
    ///   - configuration: Who is told, and how.
    ///   - record: Records events.
    ///   - readBoot: Reads the clock since boot.
    ///   - onFailure: Is told when deliveries to a recipient begin to fail.
    ///   - logger: Gets what happens to alerts and deliveries.
    ///   - patience: How long an answer waits for what it says to be written down.
    package static func resume(
        state: StateStore,
        configuration: AlertConfiguration,
        record: @escaping @Sendable ([EventDraft]) async -> Void,
        readBoot: @escaping @Sendable () -> ClockMark?,
        onFailure: @escaping @Sendable (_ message: String, _ hint: String?) -> Void,
        logger: Logger,
        patience: Duration = answeringPatience
    ) async -> AlertCenter {
        var memory: AlertMemory?
        do {
            memory = try await state.alertMemory()
        } catch {
            logger.error("what was known of alerts can't be read, beginning anew", metadata: ["error": "\(error)"])
        }
        let center = AlertCenter(
            state: state,
            configuration: configuration,
            memory: memory,
            record: record,
            readBoot: readBoot,
            onFailure: onFailure,
            logger: logger,
            patience: patience
        )
        await center.flush()
        return center
    }

    private init(
        state: StateStore,
        configuration: AlertConfiguration,
        memory: AlertMemory?,
        record: @escaping @Sendable ([EventDraft]) async -> Void,
        readBoot: @escaping @Sendable () -> ClockMark?,
        onFailure: @escaping @Sendable (_ message: String, _ hint: String?) -> Void,
        logger: Logger,
        patience: Duration
    ) {
        self.patience = patience
        self.state = state
        self.configuration = configuration
        self.record = record
        self.readBoot = readBoot
        self.onFailure = onFailure
        self.logger = logger
        channels = configuration.channels
        let date = Date()
        // What can't be read now may be readable later, and its numbers are not to be used again: none was ever so high.
        let unused = Int64(max(1, date.timeIntervalSince1970))
        // What this version can't read is left out: the problem is seen again, at worst it is told once more.
        let saved = try? memory?.memory?.decode(AlertJournal.Memory.self)
        let open = memory?.open.compactMap { try? $0.decode(Alert.self) } ?? []
        // Should the clock's last reading be lost, or be of a process that could not read this, it must not begin before what was
        // noted by it: nobody would be reminded until it had come so far again.
        let latest = open.map(\.latestSeconds).max() ?? 0
        clock = AlertClock(after: saved?.clock, notBefore: latest, boot: readBoot(), date: date)
        machine = AlertStateMachine(
            AlertBook(
                open: open,
                // When a silence ends is not known without the clock: better to be told than not.
                silences: saved == nil ? [] : memory?.silences.compactMap { try? $0.decode(Silence.self) } ?? [],
                memory: saved?.book ?? AlertBook.Memory(),
                nextAlert: memory?.nextAlert ?? unused
            )
        )
        queue = DeliveryQueue(
            waiting: memory?.queued.compactMap { try? $0.decode(Delivery.self) } ?? [],
            records: memory?.recipients.compactMap { try? $0.decode(RecipientRecord.self) } ?? [],
            nextID: memory?.nextDelivery ?? unused
        )
        // Two of one problem are there when the older could not be read while the newer began: that one goes on for both.
        for alert in open where machine.book.open[alert.code]?.id != alert.id { journal.close(alert, at: date) }
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        queue.setRecipients(Set(channels.keys), at: clock.moment(date))
    }

    // MARK: - What happens

    /// Looks at a judgement, and has told what is to be told. Call it after each measurement and every few seconds.
    ///
    /// It is written down by ``run()``, or by ``flush()``: a disk that hangs must not keep the next look from being taken.
    package func evaluate(_ report: HealthReport) {
        let moment = clock.moment()
        take(machine.evaluate(report, policy: configuration.policy, at: moment), at: moment)
    }

    /// Takes another configuration; what waits is tried again at once.
    package func reconfigure(_ configuration: AlertConfiguration) async {
        self.configuration = configuration
        channels = configuration.channels
        queue.setRecipients(Set(channels.keys), at: clock.moment())
        await flush()
        wakeUp.yield()
    }

    /// Somebody knows of problems. It holds at once, also when it can't be written down in time.
    ///
    /// - Returns: The alerts as they are now, and why they are in memory only, if they are; `nil` when there is none of that name.
    package func acknowledge(
        _ target: AlertTarget,
        by: String,
        note: String?
    ) async -> (alerts: [Alert], unwritten: Unwritten?)? {
        guard let alerts = openAlerts(target) else { return nil }
        let moment = clock.moment()
        let codes = Set(alerts.map(\.code))
        take(machine.acknowledge(codes, by: by, note: note, at: moment), at: moment)
        let unwritten = await settle()
        return (alerts.compactMap { machine.book.open[$0.code] }, unwritten)
    }

    /// Nobody is told of a problem for a while; of any, without a code. As ``acknowledge(_:by:note:)``.
    package func silence(
        _ code: HealthReasonCode?,
        seconds: Double,
        reason: String,
        by: String
    ) async -> (silence: Silence, unwritten: Unwritten?)? {
        let moment = clock.moment()
        let actions = machine.silence(code, seconds: seconds, reason: reason, by: by, at: moment)
        take(actions, at: moment)
        let unwritten = await settle()
        return machine.book.silences.last { $0.code == code }.map { ($0, unwritten) }
    }

    /// Ends silences that `condition` names. As ``acknowledge(_:by:note:)``.
    ///
    /// - Returns: Those that were ended, and why that is in memory only, if it is.
    package func unsilence(
        by: String,
        where condition: @Sendable (Silence) -> Bool
    ) async -> (silences: [Silence], unwritten: Unwritten?) {
        let moment = clock.moment()
        let ended = machine.book.silences.filter(condition)
        take(machine.unsilence(Set(ended.map(\.id)), by: by, at: moment), at: moment)
        return (ended, await settle())
    }

    /// Sends a digest to those who are told at first. A state that can't be written in time keeps none from being told.
    ///
    /// - Returns: To how many.
    package func send(_ digest: DigestFacts) async -> Int {
        let moment = clock.moment()
        let message = configuration.writer.digest(digest, id: Self.newID(), at: moment.date)
        queue.add(message, to: configuration.policy.primary, alerts: [], at: moment)
        _ = await settle()
        wakeUp.yield()
        return configuration.policy.primary.count
    }

    /// Tries every way there is, all at once; what comes of it counts like any delivery.
    package func test() async -> [(recipient: AlertRecipient, isSecondary: Bool, outcome: DeliveryOutcome)] {
        let message = configuration.writer.test(id: Self.newID(), at: Date())
        let channels = channels
        let outcomes = await withTaskGroup(of: (AlertRecipient, DeliveryOutcome).self) { group in
            for (recipient, channel) in channels {
                group.addTask { (recipient, await channel.deliver(message)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let date = Date()
        for (recipient, outcome) in outcomes where self.channels[recipient] != nil {
            queue.note(recipient, outcome, at: date)
            counts[recipient.channel, default: DeliveryCounts()].count(outcome)
        }
        await flush()
        // What waited for a way that is mended goes now.
        wakeUp.yield()
        let primary = configuration.policy.primary
        let second = configuration.policy.secondary.filter { !primary.contains($0) }
        return (primary.map { ($0, false) } + second.map { ($0, true) }).compactMap { recipient, isSecondary in
            outcomes[recipient].map { (recipient, isSecondary, $0) }
        }
    }

    /// Takes note of which service outside is pinged; `nil` for none.
    package func setPinged(_ address: String?) {
        guard pings?.recipient.address != address else { return }
        pings = address.map {
            RecipientRecord(AlertRecipient(channel: HealthMeasurements.DeliveryTrouble.ping, address: $0))
        }
    }

    /// Takes what came of a ping to that service.
    package func note(ping outcome: DeliveryOutcome) {
        pings?.note(outcome, at: Date())
    }

    // MARK: - What is known

    /// How everything stands.
    package var overview: AlertOverview {
        let primary = configuration.policy.primary
        let second = configuration.policy.secondary.filter { !primary.contains($0) }
        return AlertOverview(
            moment: clock.moment(),
            open: machine.book.sorted.map { ($0, machine.book.state(of: $0)) },
            silences: machine.book.silences,
            recipients: (primary.map { ($0, false) } + second.map { ($0, true) }).map { recipient, isSecondary in
                AlertOverview.Recipient(
                    recipient: recipient,
                    isSecondary: isSecondary,
                    record: queue.records[recipient],
                    waiting: queue.waiting(for: recipient).count
                )
            },
            pings: pings,
            deliveries: counts
        )
    }

    /// Whom messages do not reach, the service that is pinged included, and whether they reach anybody of those who are told at
    /// first.
    package var reach: (troubles: [HealthMeasurements.DeliveryTrouble], isAnybodyReached: Bool) {
        let policy = configuration.policy
        let troubles = Set(policy.primary + policy.secondary).sorted().compactMap { recipient in
            queue.records[recipient].flatMap(Self.trouble)
        }
        let isReached = policy.primary.contains { queue.records[$0]?.isTroubled != true }
        return (troubles + [pings.flatMap(Self.trouble)].compactMap(\.self), isReached || policy.primary.isEmpty)
    }

    /// Why alerts can't be written down; `nil` when they can.
    package var writingTrouble: (since: Date, reason: String)? { unwritable }

    /// The open alerts that a target means; `nil` when there is none.
    package func openAlerts(_ target: AlertTarget) -> [Alert]? {
        let open = machine.book.sorted
        switch target {
        case .all: return open
        case .code(let code): return machine.book.open[code].map { [$0] }
        case .number(let number): return open.first { $0.id == number }.map { [$0] }
        }
    }

    private static func trouble(_ record: RecipientRecord) -> HealthMeasurements.DeliveryTrouble? {
        guard record.isTroubled, let since = record.failingSince, let failure = record.failure else { return nil }
        return .init(
            channel: record.recipient.channel,
            recipient: record.recipient.address,
            since: since,
            message: failure.message,
            hint: failure.hint
        )
    }

    // MARK: - Doing

    private func take(_ actions: AlertActions, at moment: AlertMoment) {
        journal.note(actions)
        if moment.seconds - writtenSeconds >= Self.longestUnwritten { journal.noteBook() }
        for notice in actions.notices {
            let message = configuration.writer.message(notice, id: Self.newID(), at: moment.date)
            queue.add(
                message,
                to: notice.recipients,
                alerts: notice.alerts,
                ends: notice.resolved.map(\.id),
                isSummary: notice.occasion == .summary,
                at: moment
            )
        }
        let events = actions.transitions.compactMap { $0.event(seenFrom: moment) }
        for event in events { logger.notice("\(event.message)") }
        unrecorded += events
        unrecorded.removeFirst(max(0, unrecorded.count - Self.maximumUnrecorded))
        gather()
        if hasUnwritten || hasUnrecorded { wakeUp.yield() }
    }

    /// What the machine decided and the messages that come of it are written together, whoever writes next.
    private func gather() {
        let changes = queue.takeChanges()
        journal.note(deliveries: changes.deliveries, records: changes.records)
    }

    /// Writes down what changed and records what happened, as far as that is possible now.
    package func flush() async {
        await write()
        await recordEvents()
    }

    /// Has what changed written down and what happened recorded, whoever is at it, and waits for that within reason.
    ///
    /// - Returns: Why it is in memory only; `nil` when it is written.
    private func settle() async -> Unwritten? {
        let isOver = try? await withPatience(patience) {
            await self.finishWriting()
            return true
        }
        guard isOver == true else { return .silent }
        return hasUnwritten ? unwritable.map { .failing(reason: $0.reason) } : nil
    }

    private func finishWriting() async {
        await flush()
        while writingSince != nil || isRecording {
            let (ends, end) = AsyncStream.makeStream(of: Void.self)
            waitingForEnds.append(end)
            for await _ in ends {}
        }
    }

    private func tellEnd() {
        for end in waitingForEnds { end.finish() }
        waitingForEnds = []
    }

    private func recordEvents() async {
        // Who records already sees to what came meanwhile.
        guard !isRecording else { return }
        isRecording = true
        defer {
            isRecording = false
            tellEnd()
        }
        while hasUnrecorded {
            let events = unrecorded
            unrecorded = []
            await record(events)
        }
    }

    private func write() async {
        gather()
        // Who writes already sees to what came meanwhile.
        guard writingSince == nil else { return }
        defer {
            writingSince = nil
            tellEnd()
        }
        while !journal.isEmpty {
            writingSince = .now
            let attempt = journal
            journal = AlertJournal()
            do {
                let moment = clock.moment()
                let mark = AlertClock.Mark(seconds: moment.seconds, date: moment.date, boot: readBoot())
                try await state.apply(attempt.change(book: machine.book, clock: mark))
                writtenSeconds = attempt.isBookChanged ? moment.seconds : writtenSeconds
                if unwritable != nil { logger.notice("alerts can be written down again") }
                unwritable = nil
            } catch {
                journal.putBack(attempt)
                if unwritable == nil {
                    logger.warning(
                        "alerts can't be written down, will retry; they are told from memory",
                        metadata: ["error": "\(error)"]
                    )
                    unwritable = (Date(), "\(error)")
                }
                return
            }
            // What waited for this may go.
            wakeUp.yield()
        }
    }

    /// Whether all that is to be sent is written down, so that a process that dies meanwhile sends it again with the same id and
    /// nobody takes it for something else; or can't be, or takes too long.
    private var maySend: Bool {
        if unwritable != nil { return true }
        guard let writingSince else { return !hasUnwritten }
        return writingSince.duration(to: .now) >= Self.writingPatience
    }

    private var hasUnwritten: Bool { !journal.isEmpty || queue.hasChanges }

    private var hasUnrecorded: Bool { !unrecorded.isEmpty }

    private static func newID() -> String { "r-\(UUID().uuidString.lowercased())" }

    // MARK: - Delivering

    /// Delivers until ``stop()``, or until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                // What waits for its time, and what could not be written, is looked at every second.
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(1))
                    self.wakeUp.yield()
                }
            }
            for await _ in wakeUps {
                if maySend { for delivery in queue.start(at: clock.moment()) { begin(delivery, &group) } }
                if isDone { break }
                // Not here: a disk that hangs must not keep anybody from being told.
                if hasUnwritten, writingSince == nil { group.addTask { await self.write() } }
                if hasUnrecorded, !isRecording { group.addTask { await self.recordEvents() } }
            }
            group.cancelAll()
        }
        // What was gone for a while goes on from here: the next process takes the time after the last look that it knows for time
        // in which nobody looked.
        if !machine.book.open.isEmpty { journal.noteBook() }
        await flush()
    }

    /// Lets what is on its way arrive, for a few seconds, and ends ``run()``.
    package nonisolated func stop() {
        stopAt.withLock { $0 = $0 ?? .now + Self.drainPatience }
        wakeUp.yield()
    }

    private var isDone: Bool {
        guard !Task.isCancelled else { return true }
        guard let end = stopAt.withLock({ $0 }) else { return false }
        return inFlight == 0 && writingSince == nil || ContinuousClock.now >= end
    }

    private func begin(_ delivery: Delivery, _ group: inout DiscardingTaskGroup) {
        guard let channel = channels[delivery.recipient] else { return queue.abandon(delivery) }
        inFlight += 1
        group.addTask {
            let outcome = await channel.deliver(delivery.message)
            await self.end(delivery, outcome, wasCancelled: Task.isCancelled)
        }
    }

    private func end(_ delivery: Delivery, _ outcome: DeliveryOutcome, wasCancelled: Bool) async {
        inFlight -= 1
        defer { wakeUp.yield() }
        if wasCancelled, outcome != .delivered { return queue.abandon(delivery) }
        counts[delivery.recipient.channel, default: DeliveryCounts()].count(outcome)
        let isFirstFailure = !queue.isFailing(delivery.recipient)
        let delay = queue.finish(delivery, outcome, jitter: .random(in: 0...1), at: clock.moment())
        switch outcome {
        case .delivered:
            logger.info("told \(delivery.recipient)", metadata: ["message": "\(delivery.message.id)"])
        case .failed(let failure, _), .refused(let failure):
            let wait = delay.map { HumanText.duration($0) } ?? "a while"
            let text = "\(delivery.recipient) could not be told, will retry in \(wait): \(failure.message)"
            // Once: the next attempts that fail are no news.
            if isFirstFailure { onFailure(text, failure.hint) } else { logger.debug("\(text)") }
        }
        await write()
    }
}
