package import Foundation

/// Whether to run now or to wait.
package enum ScheduleDecision: Sendable, Hashable {
    /// Run now, and remember the present time as the start of the last run, whether the run succeeds or not.
    case runNow(Reason)
    /// Wait until that time and decide again; `nil`: forever, until the schedule changes.
    case wait(until: Date?)

    /// Why to run.
    package enum Reason: Sendable, Hashable {
        /// The time has come.
        case due(Date)
        /// The time came while the daemon or the machine was off, or the clock was set forward over it. However many
        /// times went by, there is one run for all of them; this is the last.
        case missed(Date)
        /// The last run is dated so far in the future that the clock must have been wrong then.
        case clockSetBack(lastRun: Date)
    }

    /// A run that begins later than this after its time is called missed. It changes only the word.
    static let punctualSeconds = 300.0

    /// A last run that is dated up to this far in the future is believed: the clock was set back a little, and the times
    /// up to that run are done. Beyond it the date is an accident, and waiting for it could take years.
    static let believedSeconds = 86_400.0

    /// Decides. Pure: asked again with the same arguments it says the same.
    ///
    /// Call it at start, when the awaited time has come, and when the clock or the schedule changed; not while a run is
    /// under way.
    ///
    /// - Parameters:
    ///   - rule: The schedule.
    ///   - lastRunStart: When the last scheduled run began, by the clock of then; `nil` if there was none.
    ///   - inForceSince: Since when this rule is the one in force: the first start ever, or the time the operator changed
    ///     the schedule. Times before it are not made up for. Not the time the process started.
    ///   - now: The time.
    ///   - timeZone: The zone whose clock the rule follows.
    ///   - jitter: The delay to add to each time.
    package static func decide(
        rule: ScheduleRule,
        lastRunStart: Date?,
        inForceSince: Date,
        now: Date,
        timeZone: TimeZone,
        jitter: ScheduleJitter = .none
    ) -> ScheduleDecision {
        guard rule != .off else { return .wait(until: nil) }
        let done = lastRunStart.map { inForceSince <= now ? max($0, inForceSince) : $0 } ?? inForceSince
        guard done.timeIntervalSince(now) <= believedSeconds else { return .runNow(.clockSetBack(lastRun: done)) }

        var upcoming = rule.nextRun(after: now, in: timeZone)
        if var last = rule.lastRun(atOrBefore: now, in: timeZone) {
            if jitter.delayed(last, rule: rule) > now {
                // Its own delay still runs. The one before it may be due all the same.
                upcoming = last
                last = rule.lastRun(atOrBefore: last.addingTimeInterval(-1), in: timeZone) ?? .distantPast
            }
            if last > done {
                let lateness = now.timeIntervalSince(jitter.delayed(last, rule: rule))
                return .runNow(lateness <= punctualSeconds ? .due(last) : .missed(last))
            }
        }
        // Times that a run dated in the future has done already are not waited for.
        while let next = upcoming, next <= done { upcoming = rule.nextRun(after: next, in: timeZone) }
        return .wait(until: upcoming.map { jitter.delayed($0, rule: rule) })
    }
}
