import Configuration
import Foundation
import Logging
import Protection
import ServiceLifecycle
import State
import Systemd

/// Starts the runs that the schedules ask for.
///
/// What is due is decided by ``ScheduleDecision``; this only looks at the clock every few seconds, so that a clock that is
/// set, a machine that slept and a changed configuration are noticed, and remembers when the last run began.
struct Scheduler: Service {
    /// One schedule, and what to do when it is due.
    struct Entry: Sendable {
        let kind: JobKind
        /// What the operator calls it.
        let name: String
        let schedule: @Sendable () -> ScheduleRule
        /// Submits the job.
        let submit: @Sendable (_ reason: String) async throws -> Void
        /// Submits what is left to be done after a failure; `nil` does all of it again.
        var retry: (@Sendable (_ reason: String) async throws -> Void)?
    }

    /// How long to wait after a failed scheduled backup before trying again: after the first, the second, all others.
    static let retryDelays: [TimeInterval] = [600, 1_800, 3_600]

    let entries: [Entry]
    let settings: SettingsStore
    let state: StateStore
    let runner: JobRunner
    /// Tells this instance from others, for the jitter.
    let seed: String
    let logger: Logger
    /// Beats whenever all schedules were looked at.
    var heart: Heartbeats.Heart?

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                for entry in entries { await consider(entry) }
                heart?.beat()
                try? await Task.sleep(for: .seconds(10))
            }
        }
    }

    /// When each schedule is due next.
    func upcoming(now: Date) async throws -> [(entry: Entry, at: Date)] {
        var upcoming: [(entry: Entry, at: Date)] = []
        for entry in entries {
            switch try await decide(entry, now: now) {
            case .runNow: upcoming.append((entry, now))
            case .wait(until: .some(let date)): upcoming.append((entry, date))
            case .wait(until: nil): break
            }
        }
        return upcoming
    }

    /// Submits what is due of a schedule.
    func consider(_ entry: Entry, now: Date = Date()) async {
        do {
            guard await !runner.isBusy(with: entry.kind) else { return }
            if case .runNow(let reason) = try await decide(entry, now: now) {
                // Remembered first: a daemon that dies in a run must not begin it again and again.
                let before = try await state.value(.lastScheduledRun(of: entry.kind))
                try await state.set(.lastScheduledRun(of: entry.kind), to: now)
                do {
                    try await entry.submit(Self.text(reason))
                } catch {
                    // Nothing ran, so the run is still due.
                    if let before {
                        try await state.set(.lastScheduledRun(of: entry.kind), to: before)
                    } else {
                        try await state.remove(.lastScheduledRun(of: entry.kind))
                    }
                    throw error
                }
            } else if try await isRetryDue(entry, now: now) {
                try await (entry.retry ?? entry.submit)("retry after a failure")
            }
        } catch {
            logger.error(
                "the \(entry.name) schedule could not be followed, will retry",
                metadata: [LogKey.error: "\(error)"]
            )
        }
    }

    private func decide(_ entry: Entry, now: Date) async throws -> ScheduleDecision {
        let settings = settings.current
        let rule = entry.schedule()
        return ScheduleDecision.decide(
            rule: rule,
            lastRunStart: try await state.value(.lastScheduledRun(of: entry.kind)),
            inForceSince: try await inForceSince(entry, rule, now: now),
            now: now,
            timeZone: settings.timeZone,
            jitter: ScheduleJitter(seed: seed, maximumSeconds: settings.backup.jitterSeconds)
        )
    }

    private func inForceSince(_ entry: Entry, _ rule: ScheduleRule, now: Date) async throws -> Date {
        let text = "\(rule)"
        if try await state.value(.scheduleInForce(of: entry.kind)) == text,
            let since = try await state.value(.scheduleInForceSince(of: entry.kind))
        {
            return since
        }
        try await state.set(.scheduleInForceSince(of: entry.kind), to: now)
        try await state.set(.scheduleInForce(of: entry.kind), to: text)
        return now
    }

    /// Whether the last backup failed and it is time to try again. Other kinds wait for their next run.
    private func isRetryDue(_ entry: Entry, now: Date) async throws -> Bool {
        guard [.backup, .dump].contains(entry.kind), entry.schedule() != .off else { return false }
        let recent = try await state.jobs(kinds: [entry.kind], states: [.succeeded, .failed, .interrupted], limit: 10)
        let failures = recent.prefix { $0.state != .succeeded }.count
        guard failures > 0, let last = recent.first?.finishedAt else { return false }
        return now.timeIntervalSince(last) >= Self.retryDelays[min(failures, Self.retryDelays.count) - 1]
    }

    private static func text(_ reason: ScheduleDecision.Reason) -> String {
        switch reason {
        case .due: "schedule"
        case .missed: "schedule, made up for"
        case .clockSetBack: "schedule, after the clock was set back"
        }
    }
}
