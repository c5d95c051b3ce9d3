import Alerting
import Foundation
import Logging
import Monitoring
import Synchronization
import TestSupport
import Testing

@testable import State

@Suite("Alerts, what is written down of them, and what is sent")
struct AlertCenterTests {
    /// Keeps what it is told.
    private final class Channel: AlertChannel {
        let kind = "email"
        let recipient = "chief@example.org"
        private let messages = Mutex<[AlertMessage]>([])
        var told: [AlertMessage] { messages.withLock { $0 } }
        /// What comes of the next attempts.
        let outcome = Mutex(DeliveryOutcome.delivered)

        func deliver(_ message: AlertMessage) async -> DeliveryOutcome {
            let outcome = outcome.withLock { $0 }
            if outcome == .delivered { messages.withLock { $0.append(message) } }
            return outcome
        }
    }

    private static func center(
        _ state: StateStore,
        _ channel: Channel,
        onFailure: @escaping @Sendable (String) -> Void = { Issue.record("\($0)") },
        record: @escaping @Sendable ([EventDraft]) async -> Void = { _ in },
        patience: Duration = .seconds(60)
    ) async -> AlertCenter {
        await AlertCenter.resume(
            state: state,
            configuration: AlertConfiguration(
                primary: [channel],
                secondary: [],
                writer: AlertWriter(
                    words: EnglishAlertWords(zone: TextZone { _ in 0 }),
                    instance: "test",
                    contacts: nil,
                    repeatSeconds: 1800
                ),
                policy: AlertPolicy(pendingSeconds: 0)
            ),
            record: record,
            readBoot: { nil },
            onFailure: { message, _ in onFailure(message) },
            logger: Logger(label: "test"),
            patience: patience
        )
    }

    private static func report(_ codes: HealthReasonCode...) -> HealthReport {
        HealthReport(reasons: codes.map { Timeline.reason($0) })
    }

    private static func comesTrue(within patience: Duration, _ condition: () async -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            if await condition() { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    @Test("nothing is sent before it is written down, also what comes while something else is being written")
    func durability() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        let channel = Channel()
        let center = await Self.center(state, channel)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await center.run() }
            let holder = try StateFileHolder(folder.path("state.sqlite"))
            await center.evaluate(Self.report(.diskSpace))
            var isEarly = try await Self.comesTrue(within: .milliseconds(250)) { !channel.told.isEmpty }
            // While the first is being written comes the second.
            await center.evaluate(Self.report(.diskSpace, .noBackup))
            isEarly = try await Self.comesTrue(within: .milliseconds(250)) { !channel.told.isEmpty } || isEarly
            // Unless writing was given up, as it is after some seconds.
            let isGivenUp = await center.writingTrouble != nil
            #expect(!isEarly || isGivenUp)
            holder.release()
            let isTold = try await Self.comesTrue(within: .seconds(60)) {
                channel.told.flatMap(\.problems).contains { $0.code == "noBackup" }
            }
            #expect(isTold)
            center.stop()
            try await group.waitForAll()
        }
        #expect(await center.overview.recipients.map(\.waiting) == [0])
        try await state.close()
    }

    @Test("an acknowledgement, a silence and a digest wait for no disk that hangs, and are written when it answers")
    func silent() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        let channel = Channel()
        let center = await Self.center(state, channel, patience: .milliseconds(200))
        await center.evaluate(Self.report(.drillFailed, .verifyFailed))
        await center.flush()
        let disk = DispatchSemaphore(value: 0)
        async let hanging: Void = state.write { _ in disk.wait() }
        let acknowledged = try #require(await center.acknowledge(.code(.drillFailed), by: "anna", note: nil))
        #expect(acknowledged.unwritten == .silent && acknowledged.alerts.map(\.phase) == [.acknowledged])
        // The same while somebody else's writing hangs.
        let silenced = try #require(
            await center.silence(.verifyFailed, seconds: 600, reason: "moving", by: "anna")
        )
        #expect(silenced.unwritten == .silent)
        let ended = await center.unsilence(by: "anna") { _ in true }
        #expect(ended.unwritten == .silent && ended.silences.map(\.id) == [silenced.silence.id])
        let facts = DigestFacts(health: Self.report(.drillFailed), from: Timeline.start - 60, to: Timeline.start)
        let waiting = await center.overview.recipients.map(\.waiting)
        #expect(await center.send(facts) == 1)
        #expect(await center.overview.recipients.map(\.waiting) == waiting.map { $0 + 1 })
        disk.signal()
        try await hanging
        await center.flush()
        // What another process finds is what was said.
        let isWritten = try await Self.comesTrue(within: .seconds(60)) {
            let next = await Self.center(state, channel)
            let overview = await next.overview
            return overview.open.first { $0.alert.code == .drillFailed }?.state == .acknowledged
                && overview.silences.isEmpty && overview.recipients.map(\.waiting) == waiting.map { $0 + 1 }
        }
        #expect(isWritten)
        #expect(await center.acknowledge(.all, by: "anna", note: nil)?.unwritten == nil)
        try await state.close()
    }

    @Test("what can't be written, as on a full disk, is said to hold in memory")
    func failing() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        let center = await Self.center(state, Channel())
        await center.evaluate(Self.report(.drillFailed))
        try await state.close()
        let acknowledged = try #require(await center.acknowledge(.all, by: "anna", note: nil))
        guard case .failing = acknowledged.unwritten else {
            Issue.record("it is \(acknowledged)")
            return
        }
        #expect(acknowledged.alerts.map(\.phase) == [.acknowledged])
    }

    @Test("a look waits neither for the state's disk nor for its events, which come in their order")
    func hang() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        let isOpen = Mutex(false)
        let recorded = Mutex<[String]>([])
        let center = await Self.center(
            state,
            Channel(),
            record: { events in
                _ = try? await Self.comesTrue(within: .seconds(60)) { isOpen.withLock(\.self) }
                recorded.withLock { $0 += events.map(\.message) }
            }
        )
        let holder = try StateFileHolder(folder.path("state.sqlite"))
        await center.evaluate(Self.report(.drillFailed))
        // Nothing can be written, and nobody waited until that was given up.
        #expect(await center.writingTrouble == nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await center.run() }
            await center.evaluate(Self.report(.drillFailed, .diskSpace))
            await center.evaluate(Self.report(.drillFailed, .diskSpace, .verifyFailed))
            let codes = await center.overview.open.map(\.alert.code)
            #expect(codes == [.drillFailed, .diskSpace, .verifyFailed] && recorded.withLock(\.isEmpty))
            isOpen.withLock { $0 = true }
            holder.release()
            let isDone = try await Self.comesTrue(within: .seconds(60)) { recorded.withLock(\.count) == 3 }
            #expect(isDone)
            center.stop()
            try await group.waitForAll()
        }
        let begun = await center.overview.open.map { $0.alert.code.rawValue }
        #expect(zip(recorded.withLock(\.self), begun).allSatisfy { $0.contains($1) }, "\(recorded.withLock(\.self))")
        #expect(try await state.alertMemory().open.count == 3)
        try await state.close()
    }

    @Test("pings that do not arrive are a trouble, for as long as they don't and that service is pinged")
    func pings() async throws {
        let center = await Self.center(try await StateStore.inMemory(now: Date()), Channel())
        await center.note(ping: .refused(DeliveryFailure("unknown check")))
        #expect(await center.overview.pings == nil)
        await center.setPinged("https://hc.example.org")
        #expect(await center.overview.pings?.failingSince == nil)
        await center.note(ping: .refused(DeliveryFailure("unknown check", hint: "Look.")))
        // It is asked for every few seconds.
        await center.setPinged("https://hc.example.org")
        let reach = await center.reach
        #expect(reach.troubles.map { "\($0.channel) \($0.recipient)" } == ["ping https://hc.example.org"])
        #expect(reach.troubles.first?.message == "unknown check" && reach.troubles.first?.hint == "Look.")
        // It is nobody who could read an alert.
        #expect(reach.isAnybodyReached)
        #expect(await center.overview.recipients.map(\.recipient.channel) == ["email"])
        await center.note(ping: .delivered)
        #expect(await center.reach.troubles.isEmpty)
        await center.note(ping: .refused(DeliveryFailure("unknown check")))
        await center.setPinged(nil)
        #expect(await center.reach.troubles.isEmpty)
        #expect(await center.overview.pings == nil)
    }

    @Test(
        "a test that fails is not the failure that the journal names once, and one that gets there releases what waits"
    )
    func tests() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        let channel = Channel()
        let failures = Mutex<[String]>([])
        let center = await Self.center(state, channel) { failure in failures.withLock { $0.append(failure) } }
        channel.outcome.withLock { $0 = .refused(DeliveryFailure("wrong password")) }
        #expect(await center.test().count == 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await center.run() }
            await center.evaluate(Self.report(.diskSpace))
            let isNamed = try await Self.comesTrue(within: .seconds(60)) { !failures.withLock(\.isEmpty) }
            #expect(isNamed && failures.withLock { $0[0].contains("wrong password") && $0.count == 1 })
            // It would be tried again after a quarter of an hour.
            channel.outcome.withLock { $0 = .delivered }
            #expect(await center.test().map(\.outcome) == [.delivered])
            let isTold = try await Self.comesTrue(within: .seconds(60)) {
                channel.told.contains { $0.kind == .problem }
            }
            #expect(isTold)
            center.stop()
            try await group.waitForAll()
        }
        try await state.close()
    }

    /// Changes the state file as another program does.
    private static func run(_ sql: String, in folder: TemporaryDirectory) throws {
        let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=30).executescript(sys.argv[2])"
        let result = try Program.run("python3", ["-c", script, folder.path("state.sqlite"), sql])
        #expect(result.status == 0, "\(result)")
    }

    private static func alert(_ id: Int64, _ state: StateStore) async throws -> Alert? {
        try await state.alertRecord(id).map { try $0.decode(Alert.self) }
    }

    @Test("what can't be read at the start keeps its numbers, and its end is told once it can be read again")
    func unreadable() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        let channel = Channel()
        let first = await Self.center(state, channel)
        await first.evaluate(Self.report(.verifyFailed, .drillFailed))
        await first.flush()
        try Self.run("ALTER TABLE alert_silences RENAME TO hidden", in: folder)
        let blind = await Self.center(state, channel)
        try Self.run("ALTER TABLE hidden RENAME TO alert_silences", in: folder)
        await blind.evaluate(Self.report(.verifyFailed, .retentionBlocked))
        await blind.flush()
        #expect(await blind.writingTrouble == nil)
        let codes = [try await Self.alert(1, state)?.code, try await Self.alert(2, state)?.code]
        #expect(codes == [.verifyFailed, .drillFailed])
        #expect(await blind.overview.open.allSatisfy { $0.alert.id > 2 })
        // Then both are read. Of the two about one problem the newer goes on, and nothing stays open that nobody looks at.
        let seeing = await Self.center(state, channel)
        #expect(await seeing.overview.open.map(\.alert.code) == [.drillFailed, .verifyFailed, .retentionBlocked])
        #expect(try await Self.alert(1, state)?.phase == .resolved)
        await seeing.evaluate(Self.report())
        await seeing.flush()
        let open = try await state.alertMemory().open
        #expect(open == [])
        try await state.close()
    }

    @Test("what can't be written down is told all the same")
    func unwritable() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        let channel = Channel()
        let center = await Self.center(state, channel)
        // Whoever writes then learns that it can't be done.
        try await state.close()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await center.run() }
            await center.evaluate(Self.report(.diskSpace))
            let isTold = try await Self.comesTrue(within: .seconds(60)) { !channel.told.isEmpty }
            #expect(isTold)
            #expect(await center.writingTrouble != nil)
            center.stop()
            try await group.waitForAll()
        }
    }
}
