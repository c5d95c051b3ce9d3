import Configuration
import ControlAPI
import FoundationEssentials
import Monitoring
import Repository
import State
import Varlink
import VarlinkServer

/// What the daemon remembers: metrics, history, events, and the report on a period.
extension ControlHandlers {
    /// How long a follower waits for an event until it looks for itself; what is recorded in the state's own transactions wakes
    /// nobody.
    private static let lookInterval = Duration.seconds(15)
    private static let batch = 500
    /// How many alerts that are over a report looks through, the newest.
    private static let maximumAlerts = 1_000

    func addRecords(to interface: inout ServedInterface) {
        interface.handle(GetMetrics.name) { (_: GetMetrics.Input, _) in GetMetrics.Output(text: await metrics()) }
        interface.handle(GetHistory.name) { (input: GetHistory.Input, _) in try await history(input) }
        interface.handle(ListEvents.name) { (input: ListEvents.Input, _) in
            let filter = EventFilter(
                since: try input.since.map { try Self.time($0, "since") },
                until: try input.until.map { try Self.time($0, "until") },
                kinds: try await accepted(kinds: input.kinds)
            )
            let events = try await state.events(matching: filter, limit: try Self.accepted(limit: input.limit ?? 100))
            return ListEvents.Output(events: events.map(EventDescription.describe))
        }
        interface.handle(WatchEvents.name) { (input: WatchEvents.Input, call) in
            try call.requireMore()
            return try await watch(input) { try await call.replies.send(WatchEvents.Output(events: $0)) }
        }
        interface.handle(GetReport.name) { (input: GetReport.Input, _) in
            let now = Date()
            let since = try Self.time(input.since, "since")
            let until = try min(now, input.until.map { try Self.time($0, "until") } ?? now)
            try Self.check(since, until)
            return GetReport.Output(report: try await report(since: since, until: until, now: now))
        }
    }

    // MARK: - Events

    /// Sends what there is and then what comes, until the client hangs up or the daemon stops.
    private func watch(
        _ input: WatchEvents.Input,
        send: @Sendable ([ControlAPI.Event]) async throws -> Void
    ) async throws -> WatchEvents.Output {
        let kinds = try await accepted(kinds: input.kinds)
        let since = try input.since.map { try Self.time($0, "since") }
        let limit = try Self.accepted(limit: input.limit ?? 10)
        var last: Int64
        if let after = input.after {
            // A state file that was set aside took its numbers with it.
            last = after > (try await state.lastEventID()) ? 0 : after
        } else {
            last = try await state.lastEventID()
            let known = try await state.events(matching: EventFilter(since: since, kinds: kinds), limit: limit)
            last = max(last, known.last?.id ?? 0)
            try await send(known.map(EventDescription.describe))
        }
        while true {
            // Before looking, so that nothing that comes meanwhile is missed. A wait that is given up ends its stream.
            let arrivals = state.eventArrivals()
            let news = try await state.events(after: last, limit: Self.batch)
            if let newest = news.last {
                last = newest.id
                let wanted = news.filter { kinds.isEmpty || kinds.contains($0.kind) }
                if !wanted.isEmpty { try await send(wanted.map(EventDescription.describe)) }
                if news.count == Self.batch { continue }
            }
            try await Self.wait(for: arrivals)
        }
    }

    /// Waits for an event, and no longer than ``lookInterval``.
    private static func wait(for arrivals: AsyncStream<Void>) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in arrivals { break } }
            group.addTask { try? await Task.sleep(for: lookInterval) }
            await group.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }

    private func accepted(kinds: [String]?) async throws -> Set<String> {
        let wanted = Set(kinds ?? [])
        let unknown = wanted.subtracting(EventKind.allCases.map(\.rawValue))
        guard let first = unknown.subtracting(try await state.recordedEventKinds()).min() else { return wanted }
        let all = EventKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw ControlErrors.invalid("there are no events of kind \"\(first)\"", hint: "The kinds are: \(all)")
    }

    private static func accepted(limit: Int64) throws -> Int {
        guard (1...10_000).contains(limit) else { throw ControlErrors.invalid("limit is \(limit), not 1 to 10000") }
        return Int(limit)
    }

    private static func time(_ text: String, _ name: String) throws -> Date {
        guard let time = try? Date(text, strategy: .iso8601) else {
            throw ControlErrors.invalid("\(name) is \"\(text)\", not a time such as 2026-11-22T02:00:00Z")
        }
        return time
    }

    private static func check(_ since: Date, _ until: Date) throws {
        guard since < until else {
            throw ControlErrors.invalid(
                "the period would end at \(TimeFormat.text(until)), before it begins at \(TimeFormat.text(since))"
            )
        }
    }

    // MARK: - History

    private func history(_ input: GetHistory.Input) async throws -> GetHistory.Output {
        let now = Date()
        let since = try Self.time(input.since, "since")
        let until = try min(now, input.until.map { try Self.time($0, "until") } ?? now)
        try Self.check(since, until)
        let isShort = until.timeIntervalSince(since) <= 2 * 86_400
        let unit: Monitoring.HistoryBucket.Unit
        if let by = input.by {
            guard let known = Monitoring.HistoryBucket.Unit(rawValue: by) else {
                throw ControlErrors.invalid("by is \"\(by)\", not hour or day")
            }
            unit = known
        } else {
            unit = isShort ? .hour : .day
        }
        let settings = reporter.settings.current
        let zone = settings.timeZone
        let samples = try await state.samples(since: since, until: until, isHourly: false)
        let buckets = Monitoring.HistoryBucket.buckets(samples, by: unit, until: until) { zone.secondsFromGMT(for: $0) }
        return GetHistory.Output(
            since: TimeFormat.text(since),
            until: TimeFormat.text(until),
            by: unit.rawValue,
            timeZone: settings.backup.timeZone,
            buckets: buckets.map(HistoryDescription.describe)
        )
    }

    // MARK: - Report

    private func report(since: Date, until: Date, now: Date) async throws -> Report {
        let assessment = try await reporter.assess()
        let samples = try await state.samples(since: since, until: until, isHourly: false)
        let filter = EventFilter(since: since, until: until)
        let events = try await state.events(matching: filter, limit: StateLimits.events)
        return ReportDescription(
            since: since,
            until: until,
            now: now,
            samples: samples,
            events: events,
            jobs: try await state.jobs(since: since, until: until),
            drills: try await state.drills(since: since, until: until),
            alerts: try await alertList(resolvedOnes: Self.maximumAlerts).filter { alert in
                // RFC 3339 in UTC sorts by time.
                alert.firedAt.map { $0 < TimeFormat.text(until) } ?? false
                    && alert.resolvedAt.map { $0 >= TimeFormat.text(since) } ?? true
            },
            assessment: assessment,
            server: "\(reporter.settings.current.connection)"
        ).report
    }
}
