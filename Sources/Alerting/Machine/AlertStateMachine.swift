package import Monitoring

/// When people are told of what is wrong. Pure: no clock, no I/O; the same events give the same messages.
///
/// Each problem has a life of its own (``Alert/Phase``); what begins at one look is told in one message. The rules are in
/// docs/alerts.md.
package struct AlertStateMachine: Sendable {
    /// What is known.
    package internal(set) var book: AlertBook
    var actions = AlertActions()

    package init(_ book: AlertBook = AlertBook()) {
        self.book = book
    }

    /// What was over so long ago that coming back is no flapping, in seconds.
    static let flappingSeconds = 3600.0
    /// The longest time that a flapping problem must be gone until it is over, in seconds.
    static let longestSettling = 1800.0
    /// What fails again so soon after somebody acknowledged it is taken for an attempt to mend it, in seconds.
    static let mendingSeconds = 12 * 3600.0
    /// The longest time between two looks in which the daemon is taken to have watched, in seconds. Looks come every few seconds;
    /// more than this is a daemon that was off or a machine that slept.
    package static let longestWatch = 60.0
    /// What was told once is told again when it had been gone for so long, in seconds.
    static let memorySeconds = 7 * 86_400.0

    /// Looks at a judgement. Call it after each measurement and every few seconds besides: what waits, waits for this.
    ///
    /// Time in which nobody looked, as while the machine was off or slept, is none in which a problem was gone or milder.
    ///
    /// - Parameters:
    ///   - report: The judgement.
    ///   - policy: Who is told, and how often.
    ///   - moment: The time. One that lies before an earlier one counts as that.
    package mutating func evaluate(_ report: HealthReport, policy: AlertPolicy, at moment: AlertMoment) -> AlertActions
    {
        let last = book.memory.lookedSeconds ?? book.memory.seconds
        let moment = begin(at: moment)
        book.memory.lookedSeconds = moment.seconds
        let gone = max(0, moment.seconds - last)
        let unwatched = gone > Self.longestWatch ? gone : 0
        keepKnown(over: unwatched)
        endSilences(at: moment)
        var worst: [HealthReasonCode: HealthReason] = [:]
        for reason in report.reasons where reason.level > worst[reason.code]?.level ?? .ok {
            worst[reason.code] = reason
        }
        var ended: [Alert] = []
        for code in HealthReasonCode.allCases {
            if report.unjudged.contains(code), let alert = book.open[code] {
                hold(alert, for: gone, moment)
                continue
            }
            postpone(code, by: unwatched, moment)
            if let alert = look(at: code, worst[code], policy, moment) { ended.append(alert) }
        }
        tell(conclude(ended), policy, moment)
        return finish()
    }

    /// Somebody knows of problems; they are quiet until they get worse, or are over and come back.
    ///
    /// - Parameters:
    ///   - codes: The problems; those that are not firing stay as they are.
    ///   - by: Who.
    ///   - note: What they say.
    ///   - moment: The time.
    package mutating func acknowledge(
        _ codes: Set<HealthReasonCode>,
        by: String,
        note: String? = nil,
        at moment: AlertMoment
    ) -> AlertActions {
        let moment = begin(at: moment)
        for code in HealthReasonCode.allCases where codes.contains(code) {
            guard var alert = book.open[code], alert.phase == .firing else { continue }
            alert.phase = .acknowledged
            alert.isTold = true
            alert.acknowledgement = .init(by: by, at: moment.date, note: note)
            alert.acknowledgedSeconds = moment.seconds
            alert.acknowledgedFact = alert.reason.fact
            book.open[code] = alert
            record(.acknowledged(alert))
        }
        return finish()
    }

    /// Nobody is told of a problem for a while; an earlier silence over the same is replaced.
    ///
    /// - Parameters:
    ///   - code: The problem; `nil` for all.
    ///   - seconds: For how long; cut to what is allowed.
    ///   - reason: Why.
    ///   - by: Who wants it.
    ///   - moment: The time.
    package mutating func silence(
        _ code: HealthReasonCode?,
        seconds: Double,
        reason: String,
        by: String,
        at moment: AlertMoment
    ) -> AlertActions {
        let moment = begin(at: moment)
        let longest = code == nil ? Silence.maximumSecondsOverAll : Silence.maximumSeconds
        book.silences.removeAll { $0.code == code }
        let silence = Silence(
            id: book.memory.nextSilence,
            code: code,
            reason: reason,
            by: by,
            createdAt: moment.date,
            endSeconds: moment.seconds + min(max(0, seconds), longest)
        )
        book.memory.nextSilence += 1
        book.silences.append(silence)
        record(.silenced(silence))
        return finish()
    }

    /// Ends silences before their time.
    package mutating func unsilence(_ ids: Set<Int64>, by: String, at moment: AlertMoment) -> AlertActions {
        let moment = begin(at: moment)
        end(book.silences.filter { ids.contains($0.id) }, by: by, moment)
        return finish()
    }

    // MARK: - Silences

    private mutating func endSilences(at moment: AlertMoment) {
        end(book.silences.filter { $0.endSeconds <= moment.seconds }, by: nil, moment)
    }

    private mutating func end(_ silences: [Silence], by: String?, _ moment: AlertMoment) {
        for silence in silences {
            book.silences.removeAll { $0.id == silence.id }
            record(.unsilenced(silence, by: by))
            for (code, alert) in book.open where silence.covers(code) && alert.phase == .firing {
                // Nobody could acknowledge what they were not told, so the time until the escalation begins now.
                book.open[code]?.firingSeconds = moment.seconds
            }
        }
    }

    // MARK: - Common ground

    private mutating func begin(at moment: AlertMoment) -> AlertMoment {
        actions = AlertActions()
        book.memory.seconds = max(book.memory.seconds, moment.seconds)
        return AlertMoment(seconds: book.memory.seconds, date: moment.date)
    }

    private mutating func finish() -> AlertActions {
        defer { actions = AlertActions() }
        return actions
    }

    mutating func record(_ transition: AlertTransition) {
        actions.transitions.append(transition)
        actions.isChanged = true
    }
}
