import Monitoring

extension AlertStateMachine {
    /// What one recipient is to be told at one look.
    private struct News {
        var codes: Set<HealthReasonCode> = []
        var isNew = false
        /// Whether something critical is among what is new.
        var isUrgent = false
        var isEscalation = false
        var resolved: [Alert] = []
    }

    /// Tells what is new, what was not acknowledged, and what is over, as far as each recipient's allowance goes.
    mutating func tell(_ resolved: [Alert], _ policy: AlertPolicy, _ moment: AlertMoment) {
        var news: [AlertRecipient: News] = [:]
        for alert in book.sorted where alert.phase == .firing && !book.isSilenced(alert.code) {
            consider(alert, policy, moment, &news)
        }
        remind(policy, moment, &news)
        // Everybody who saw it firing hears that it is over, also those who are silenced or no longer first in line.
        let known = Set(policy.primary + policy.secondary)
        for alert in resolved {
            for recipient in alert.told where known.contains(recipient) {
                news[recipient, default: News()].resolved.append(alert)
            }
        }
        var notices: [AlertNotice] = []
        for recipient in known.sorted() {
            let own = news[recipient] ?? News()
            for notice in speak(to: recipient, own, policy, moment) {
                // The same words for several go out as one message.
                if let same = notices.firstIndex(where: { $0.isSame(as: notice) }) {
                    notices[same].recipients.append(recipient)
                } else {
                    notices.append(notice)
                }
            }
        }
        actions.notices += notices
        forgetStrangers(known)
    }

    /// What an alert has to say that is new.
    private mutating func consider(
        _ alert: Alert,
        _ policy: AlertPolicy,
        _ moment: AlertMoment,
        _ news: inout [AlertRecipient: News]
    ) {
        var alert = alert
        defer { book.open[alert.code] = alert }
        if !alert.isTold, alert.isToldOnce, book.memory.knownSeconds[alert.code] != nil {
            alert.isTold = true
            alert.isKnown = true
            actions.isChanged = true
        }
        escalate(&alert, policy, moment)
        guard !alert.isKnown else { return }
        let audience = audience(of: alert, policy)
        // Who came new to the lists hears of it, too, and nobody else.
        let listeners = alert.isTold ? audience.subtracting(alert.told) : audience
        if !alert.isTold || !listeners.isEmpty {
            let isFirst = !alert.isTold
            let told = alert.toldSeconds
            alert.markTold(to: Array(listeners), at: moment)
            // A newcomer does not put the others' reminder off.
            if !isFirst { alert.toldSeconds = told }
            if alert.isToldOnce, !listeners.isEmpty { book.memory.knownSeconds[alert.code] = moment.seconds }
            actions.isChanged = true
        }
        for listener in listeners {
            news[listener, default: News()].codes.insert(alert.code)
            news[listener, default: News()].isNew = true
            if alert.level == .critical { news[listener, default: News()].isUrgent = true }
            if !policy.primary.contains(listener) { news[listener, default: News()].isEscalation = true }
        }
    }

    private mutating func escalate(_ alert: inout Alert, _ policy: AlertPolicy, _ moment: AlertMoment) {
        guard alert.level == .critical, !alert.isEscalated else { return }
        let waited = moment.seconds - (alert.firingSeconds ?? moment.seconds)
        guard alert.code.escalatesAtOnce || waited >= policy.escalationSeconds else { return }
        alert.escalatedAt = moment.date
        actions.isChanged = true
        if !policy.secondary.isEmpty { record(.escalated(alert)) }
    }

    private func audience(of alert: Alert, _ policy: AlertPolicy) -> Set<AlertRecipient> {
        Set(alert.isEscalated ? policy.primary + policy.secondary : policy.primary)
    }

    /// Once one problem is due to be told again, all that nobody acknowledged are: one message instead of many.
    private mutating func remind(
        _ policy: AlertPolicy,
        _ moment: AlertMoment,
        _ news: inout [AlertRecipient: News]
    ) {
        let open = book.sorted.filter {
            $0.phase == .firing && $0.isTold && !$0.isKnown && !$0.isToldOnce && !book.isSilenced($0.code)
        }
        let isDue = open.contains { moment.seconds - ($0.toldSeconds ?? moment.seconds) >= policy.repeatSeconds }
        guard isDue else { return }
        for alert in open {
            let audience = audience(of: alert, policy)
            book.open[alert.code]?.markTold(to: Array(audience), at: moment)
            for listener in audience {
                news[listener, default: News()].codes.insert(alert.code)
                if !policy.primary.contains(listener) { news[listener, default: News()].isEscalation = true }
            }
        }
        actions.isChanged = true
    }

    /// Puts one recipient's news into messages, or keeps them back.
    private mutating func speak(
        to recipient: AlertRecipient,
        _ news: News,
        _ policy: AlertPolicy,
        _ moment: AlertMoment
    ) -> [AlertNotice] {
        var allowance = book.memory.allowances[recipient] ?? Allowance()
        defer { book.memory.allowances[recipient] = allowance }
        let hasNews = !news.codes.isEmpty || !news.resolved.isEmpty
        if allowance.canSettle(policy, seconds: moment.seconds) {
            allowance.keep(news.resolved)
            actions.isChanged = true
            return summary(for: recipient, &allowance, policy, moment)
        }
        guard hasNews else { return [] }
        actions.isChanged = true
        var notices: [AlertNotice] = []
        if !news.resolved.isEmpty {
            if allowance.take(isUrgent: false, policy, seconds: moment.seconds) {
                notices.append(
                    AlertNotice(
                        kind: .resolved,
                        occasion: .news,
                        problems: [],
                        resolved: news.resolved,
                        recipients: [recipient]
                    )
                )
            } else {
                allowance.keep(news.resolved)
            }
        }
        if !news.codes.isEmpty, allowance.take(isUrgent: news.isUrgent, policy, seconds: moment.seconds) {
            notices.append(
                AlertNotice(
                    kind: news.isEscalation ? .escalation : .problem,
                    occasion: news.isNew ? .news : .reminder,
                    problems: book.sorted.filter { news.codes.contains($0.code) },
                    resolved: [],
                    recipients: [recipient]
                )
            )
        }
        return marked(notices, allowance, policy, moment)
    }

    /// The last message that goes says so.
    private func marked(
        _ notices: [AlertNotice],
        _ allowance: Allowance,
        _ policy: AlertPolicy,
        _ moment: AlertMoment
    ) -> [AlertNotice] {
        guard !notices.isEmpty else { return notices }
        var notices = notices
        notices[notices.count - 1].pause = allowance.pause(policy, seconds: moment.seconds)
        return notices
    }

    /// How things stand, for somebody from whom messages were kept back.
    private func summary(
        for recipient: AlertRecipient,
        _ allowance: inout Allowance,
        _ policy: AlertPolicy,
        _ moment: AlertMoment
    ) -> [AlertNotice] {
        let problems = book.sorted.filter {
            $0.phase == .firing && $0.told.contains(recipient) && !book.isSilenced($0.code)
        }
        let resolved = allowance.unheard.sorted { $0.id < $1.id }
        allowance.settle()
        // Somebody else acknowledged meanwhile what was kept back.
        guard !problems.isEmpty || !resolved.isEmpty else { return [] }
        _ = allowance.take(isUrgent: true, policy, seconds: moment.seconds)
        let notice = AlertNotice(
            kind: problems.isEmpty ? .resolved : policy.primary.contains(recipient) ? .problem : .escalation,
            occasion: .summary,
            problems: problems,
            resolved: resolved,
            recipients: [recipient]
        )
        return marked([notice], allowance, policy, moment)
    }

    /// Those who are on no list any more have no allowance either.
    private mutating func forgetStrangers(_ known: Set<AlertRecipient>) {
        let strangers = book.memory.allowances.keys.filter { !known.contains($0) }
        for stranger in strangers { book.memory.allowances[stranger] = nil }
    }
}

extension AlertNotice {
    fileprivate func isSame(as other: AlertNotice) -> Bool {
        var other = other
        other.recipients = recipients
        return self == other
    }
}
