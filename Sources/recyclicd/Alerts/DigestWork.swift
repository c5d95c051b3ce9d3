import Alerting
import Blocking
import Configuration
import ControlAPI
import Foundation
import Logging
import Monitoring
import Protection
import Repository
import State

/// Sends the digest when its schedule asks for it. One that was missed while the machine was off is made up for, once.
struct DigestWork: Sendable {
    private static let lastDigest = StateKey<Date>("lastDigest")
    private static let schedule = StateKey<String>("digestSchedule")
    private static let scheduleSince = StateKey<Date>("digestScheduleSince")
    private static let week = 7 * 86_400.0

    let settings: SettingsStore
    let state: StateStore
    let reporter: StatusReporter
    let center: AlertCenter
    let logger: Logger

    /// Follows the schedule until the task is cancelled.
    func run() async {
        // Also what can't be written down, as on a full disk, must not be sent again and again.
        var memory = Memory()
        var isTroubled = false
        while !Task.isCancelled {
            do {
                try await consider(&memory, now: Date())
                isTroubled = false
            } catch is CancellationError {
                return
            } catch {
                logger.log(
                    level: isTroubled ? .debug : .warning,
                    "the digest could not be sent, will retry",
                    metadata: [LogKey.error: "\(error)"]
                )
                isTroubled = true
            }
            try? await Task.sleep(for: .seconds(10))
        }
    }

    /// What this process knows of the digest.
    struct Memory {
        var last: Date?
        var schedule: (text: String, since: Date)?
    }

    private func consider(_ memory: inout Memory, now: Date) async throws {
        // Who waited for a disk that hangs would not say that it does.
        try await state.checkAnswers(within: AlertCenter.answeringPatience)
        let rule = ScheduleRule(settings.current.notifications.digestSchedule)
        let since = try await inForceSince(rule, &memory, now: now)
        if memory.last == nil { memory.last = try await state.value(Self.lastDigest) }
        let decision = ScheduleDecision.decide(
            rule: rule,
            lastRunStart: memory.last,
            inForceSince: since,
            now: now,
            timeZone: settings.current.timeZone
        )
        guard case .runNow = decision else { return }
        let recipients = await center.send(try await facts(since: memory.last, now: now))
        memory.last = now
        if recipients > 0 { logger.info("the digest goes to \(HumanText.count(recipients, "recipient"))") }
        // After it: the queue remembers what is to be sent, and twice is better than never. On a disk that hangs it is noted once
        // that answers; this process knows all the same.
        let state = state
        let isNoted: Void? = try await withPatience(AlertCenter.answeringPatience) {
            try await state.set(Self.lastDigest, to: now)
        }
        guard isNoted != nil else {
            try Task.checkCancellation()
            throw StateError.silent(settings.current.paths.stateDirectory)
        }
    }

    private func inForceSince(_ rule: ScheduleRule, _ memory: inout Memory, now: Date) async throws -> Date {
        let text = "\(rule)"
        if let known = memory.schedule, known.text == text { return known.since }
        if try await state.value(Self.schedule) == text, let since = try await state.value(Self.scheduleSince) {
            memory.schedule = (text, since)
            return since
        }
        memory.schedule = (text, now)
        try await state.set(Self.scheduleSince, to: now)
        try await state.set(Self.schedule, to: text)
        return now
    }

    /// The figures of now.
    func facts(since last: Date?, now: Date) async throws -> DigestFacts {
        let assessment = try await reporter.assess()
        let measurements = assessment.measurements
        // A clock that was set makes the time between two digests anything.
        let from = last.flatMap { $0 < now && now.timeIntervalSince($0) < 5 * Self.week ? $0 : nil } ?? now - Self.week
        var facts = DigestFacts(health: assessment.report, from: from, to: now)
        let view = assessment.view
        if view.state.error == nil {
            let taken = view.backups.filter { $0.summary.finishedAt.date >= from }
            facts.backups = view.backups.count
            facts.backupsTaken = taken.count
            facts.logicalBytes = view.backups.last?.summary.sizes.logicalBytes
            facts.addedBytes = taken.isEmpty ? nil : taken.map(\.summary.sizes.addedBytes).reduce(0, +)
            facts.newestManifest = view.backups.last?.summary.object
        }
        facts.newestRestorable = measurements.newestRestorable.map { ($0.id, $0.restorablePoint) }
        facts.databaseBytes = try await state.lastSample()?.databaseBytes
        facts.repositoryBytes = view.state.storedBytes
        facts.freeBytes = view.state.freeBytes
        facts.fullInSeconds = measurements.fullInSeconds
        facts.exposure = assessment.exposure
        facts.drill = assessment.drill.map { drill in
            DigestFacts.Drill(
                backupID: drill.backupID,
                finishedAt: drill.finishedAt,
                passed: drill.verdict == .cannotJudge ? nil : drill.verdict == .passed,
                recoverySeconds: drill.recoverySeconds,
                phases: drill.phases.map { ($0.name, $0.seconds) }
            )
        }
        facts.objectiveSeconds = assessment.thresholds.restoreObjectiveSeconds
        facts.verify = measurements.lastVerify.map { ($0.finishedAt, $0.damagedObjects) }
        facts.alerts = try await state.alertRecords(since: from, limit: 50).reversed().compactMap {
            try? $0.decode(Alerting.Alert.self)
        }
        return facts
    }
}
