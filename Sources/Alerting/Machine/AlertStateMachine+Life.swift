import Monitoring

extension AlertStateMachine {
    /// Carries one problem on.
    ///
    /// - Returns: The alert, if it is gone now: resolved, or pending still when it was never told.
    mutating func look(
        at code: HealthReasonCode,
        _ reason: HealthReason?,
        _ policy: AlertPolicy,
        _ moment: AlertMoment
    ) -> Alert? {
        if let reason, reason.isToldOnce { remember(code, moment) }
        guard var alert = book.open[code] else {
            if let reason { begin(reason, policy, moment) }
            return nil
        }
        if let reason {
            if alert.absentSeconds != nil { actions.isChanged = true }
            alert.absentSeconds = nil
            alert.reason = reason
            alert.phase == .pending ? wait(&alert, policy, moment) : weigh(&alert, policy, moment)
            book.open[code] = alert
            return nil
        }
        if alert.absentSeconds == nil {
            alert.absentSeconds = moment.seconds
            actions.isChanged = true
        }
        book.open[code] = alert
        guard moment.seconds - (alert.absentSeconds ?? 0) >= settling(alert, policy) else { return nil }
        book.open[code] = nil
        guard alert.phase != .pending else { return alert }
        alert.phase = .resolved
        alert.resolvedAt = moment.date
        book.memory.endings[code] = .init(seconds: moment.seconds, flaps: alert.flaps)
        return alert
    }

    /// Which ends are to be told. What something worse took the place of goes on in that one, and its end is told with that
    /// one's.
    mutating func conclude(_ gone: [Alert]) -> [Alert] {
        var over: [Alert] = []
        for alert in gone {
            var ended = alert
            ended.replaced = nil
            if alert.phase == .resolved {
                record(heir(of: alert.code).map { .replaced(ended, by: $0) } ?? .resolved(ended))
            } else {
                record(.forgotten(ended))
            }
            for part in (alert.replaced ?? []) + (alert.phase == .resolved ? [ended] : []) {
                if let heir = heir(of: part.code) { hand(part, to: heir) } else { over.append(part) }
            }
        }
        return over.filter { ended in
            // What is here again is not over: those who were told of it hear of that one's end.
            guard book.open[ended.code] != nil else { return true }
            book.open[ended.code]?.join(ended.told)
            return false
        }
    }

    private func heir(of code: HealthReasonCode) -> HealthReasonCode? {
        code.successors.first { book.open[$0] != nil }
    }

    private mutating func hand(_ ended: Alert, to heir: HealthReasonCode) {
        actions.isChanged = true
        var replaced = book.open[heir]?.replaced ?? []
        var ended = ended
        // Of each problem the last time counts, for all who were told of any.
        for earlier in replaced where earlier.code == ended.code { ended.join(earlier.told) }
        replaced.removeAll { $0.code == ended.code }
        book.open[heir]?.replaced = replaced + [ended]
    }

    /// Leaves a problem as it is that can't be judged now: it is neither over, nor milder, nor worse. Nor does the time since the
    /// last look, in seconds, count as time in which it was.
    mutating func hold(_ alert: Alert, for unjudged: Double, _ moment: AlertMoment) {
        if alert.reason.isToldOnce { remember(alert.code, moment) }
        postpone(alert.code, by: unjudged, moment)
    }

    /// Takes time off that in which a problem was gone or milder.
    ///
    /// - Parameters:
    ///   - code: The problem; one that is not open stays so.
    ///   - seconds: Since the last look, on the alerts' clock.
    ///   - moment: Now.
    mutating func postpone(_ code: HealthReasonCode, by seconds: Double, _ moment: AlertMoment) {
        guard seconds > 0, let alert = book.open[code] else { return }
        for path in [\Alert.absentSeconds, \Alert.milderSeconds] {
            guard let begun = alert[keyPath: path] else { continue }
            let later = min(begun + seconds, moment.seconds)
            book.open[code]?[keyPath: path] = later
            // Not at each look: a minute more or less is no harm after a restart.
            if Int(later / 60) != Int(begun / 60) { actions.isChanged = true }
        }
    }

    /// Takes time in which nobody looked, in seconds, off that in which what was told once was gone.
    mutating func keepKnown(over unwatched: Double) {
        guard unwatched > 0, !book.memory.knownSeconds.isEmpty else { return }
        for (code, last) in book.memory.knownSeconds { book.memory.knownSeconds[code] = last + unwatched }
        actions.isChanged = true
    }

    private mutating func begin(_ reason: HealthReason, _ policy: AlertPolicy, _ moment: AlertMoment) {
        var flaps = 0
        if let ending = book.memory.endings[reason.code], moment.seconds - ending.seconds < Self.flappingSeconds {
            flaps = ending.flaps + 1
        }
        var alert = Alert(id: book.memory.nextAlert, reason: reason, flaps: flaps, at: moment)
        book.memory.nextAlert += 1
        actions.isChanged = true
        wait(&alert, policy, moment)
        book.open[reason.code] = alert
    }

    /// A pending problem fires when it has lasted; looks without it in between are no reprieve, or what comes and goes
    /// would never be told.
    private mutating func wait(_ alert: inout Alert, _ policy: AlertPolicy, _ moment: AlertMoment) {
        if alert.reason.level != alert.level { actions.isChanged = true }
        alert.level = alert.reason.level
        alert.worst = max(alert.worst, alert.level)
        guard let pending = alert.code.pendingSeconds(at: alert.level, policy: policy),
            moment.seconds - alert.presentSeconds >= pending
        else { return }
        alert.phase = .firing
        alert.firedAt = moment.date
        alert.firingSeconds = moment.seconds
        record(.fired(alert))
    }

    /// A firing or acknowledged problem gets worse at once, and better when that lasts.
    private mutating func weigh(_ alert: inout Alert, _ policy: AlertPolicy, _ moment: AlertMoment) {
        let level = alert.reason.level
        if level > alert.level {
            alert.level = level
            alert.worst = max(alert.worst, level)
            alert.milderSeconds = nil
            fireAnew(&alert, moment)
            record(.worsened(alert))
            return
        }
        compare(&alert, moment)
        if level < alert.level {
            if alert.milderSeconds == nil {
                alert.milderSeconds = moment.seconds
                actions.isChanged = true
            }
            guard moment.seconds - (alert.milderSeconds ?? 0) >= settling(alert, policy) else { return }
            alert.level = level
            alert.milderSeconds = nil
            record(.eased(alert))
        } else if alert.milderSeconds != nil {
            alert.milderSeconds = nil
            actions.isChanged = true
        }
    }

    /// What was acknowledged is told again when there is more of it, or when it happened once more and nobody is likely to be at it.
    private mutating func compare(_ alert: inout Alert, _ moment: AlertMoment) {
        guard alert.phase == .acknowledged, let known = alert.acknowledgedFact else { return }
        let growth = alert.reason.fact.growth(since: known)
        guard growth != .none else { return }
        let isAtIt = moment.seconds - (alert.acknowledgedSeconds ?? 0) < Self.mendingSeconds
        if growth == .again, isAtIt {
            // They saw this one, too.
            alert.acknowledgedFact = alert.reason.fact
            actions.isChanged = true
            return
        }
        fireAnew(&alert, moment)
        record(.grown(alert))
    }

    private func fireAnew(_ alert: inout Alert, _ moment: AlertMoment) {
        alert.phase = .firing
        alert.acknowledgement = nil
        alert.acknowledgedSeconds = nil
        alert.acknowledgedFact = nil
        alert.isTold = false
        alert.isKnown = false
        alert.firingSeconds = moment.seconds
    }

    /// How long a problem must be gone until it is over: longer each time it came back shortly afterwards.
    private func settling(_ alert: Alert, _ policy: AlertPolicy) -> Double {
        guard alert.code.mayReturn || alert.flaps > 0 else { return 0 }
        let doublings = min(alert.flaps, 8)
        return min(policy.pendingSeconds * Double(1 << doublings), max(policy.pendingSeconds, Self.longestSettling))
    }

    /// Keeps in mind that something that is told once is still here.
    private mutating func remember(_ code: HealthReasonCode, _ moment: AlertMoment) {
        guard let last = book.memory.knownSeconds[code] else { return }
        if moment.seconds - last >= Self.memorySeconds {
            book.memory.knownSeconds[code] = nil
            actions.isChanged = true
        } else {
            book.memory.knownSeconds[code] = moment.seconds
            // An hour is exact enough for a memory of a week.
            if moment.seconds - last >= 3600 { actions.isChanged = true }
        }
    }
}
