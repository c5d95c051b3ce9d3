package import FoundationEssentials
package import Monitoring

/// English.
package struct EnglishAlertWords: AlertWords {
    package let health: any HealthCatalogue
    let zone: TextZone

    /// - Parameter zone: Whose clock the times are told by.
    package init(zone: TextZone = .utc) {
        self.zone = zone
        health = EnglishHealthCatalogue(zone: zone)
    }

    package func title(_ code: HealthReasonCode) -> String {
        switch code {
        case .stale: "nothing is measured"
        case .repositoryUnusable: "repository unusable"
        case .noBackup: "no backup at all"
        case .noRestorableBackup: "no restorable backup"
        case .backupAge: "backup too old"
        case .restorablePointAge: "restorable point getting old"
        case .lastBackupFailed: "backup failed"
        case .dumpAge: "dump overdue"
        case .dumpIncomplete: "dump not whole"
        case .databaseLeftOut: "database in no dump"
        case .checksumFindings: "damage in the database"
        case .verifyFailed: "damage in the repository"
        case .verifyNever: "repository never verified"
        case .verifyAge: "verification overdue"
        case .drillFailed: "drill failed"
        case .drillCannotJudge: "drill could not judge"
        case .drillNever: "restore never rehearsed"
        case .drillAge: "drill overdue"
        case .objectiveMissed: "restore objective missed"
        case .databaseUnreachable: "database unreachable"
        case .diskSpace: "little disk space"
        case .diskFilling: "disk filling up"
        case .retentionBlocked: "retention blocked"
        case .clockJumped: "clock wrong"
        case .noOffsiteCopy: "no copy elsewhere"
        case .stateNotPersistent: "state directory not writable"
        case .alertDelivery: "alerts do not get through"
        }
    }

    package func word(_ level: HealthLevel) -> String {
        switch level {
        case .ok: "OK"
        case .warning: "WARNING"
        case .critical: "CRITICAL"
        }
    }

    package func headed(_ head: String, _ text: String) -> String { head.isEmpty ? text : "\(head): \(text)" }

    package func prefix(_ kind: AlertMessage.Kind, _ occasion: AlertNotice.Occasion) -> String {
        switch (kind, occasion) {
        case (_, .summary): "summary"
        case (.resolved, _): "resolved"
        case (.escalation, _): "escalation"
        case (_, .reminder): "reminder"
        default: ""
        }
    }

    package func list(_ titles: [String], more: Int) -> String {
        titles.joined(separator: ", ") + (more > 0 ? ", \(more) more" : "")
    }

    package func opening(_ notice: AlertNotice, instance: String) -> String {
        let me = "recyclicd on \(instance)"
        let count = notice.problems.count
        if notice.occasion == .summary {
            return "\(me) kept messages back so as not to flood you. This is how things stand now."
        }
        switch notice.kind {
        case .resolved:
            let ended = notice.resolved.count
            return ended == 1
                ? "\(me) reports that a problem is over." : "\(me) reports that \(ended) problems are over."
        case .escalation where notice.problems.contains(where: \.isNobodyReached):
            return "\(me) turns to you because alerts reach nobody of those who are told first."
        case .escalation where notice.problems.allSatisfy({ $0.code == .objectiveMissed }):
            return "\(me) turns to you because an objective is missed."
        case .escalation:
            let what = count == 1 ? "this problem" : "these \(count) problems"
            return "\(me) turns to you because nobody has acknowledged \(what)."
        case .problem where notice.occasion == .reminder:
            let what = count == 1 ? "this problem" : "these \(count) problems"
            return "\(me) reminds you that nobody has acknowledged \(what) yet."
        default:
            let isCritical = notice.problems.contains { $0.level == .critical }
            if count == 1 { return "\(me) reports \(isCritical ? "a critical problem" : "a problem")." }
            return "\(me) reports \(count) problems" + (isCritical ? "; the worst is critical." : ".")
        }
    }

    package func since(_ date: Date, ageSeconds: Double) -> String {
        "Since \(time(date)) (for \(HumanText.duration(ageSeconds)))."
    }

    package var next: String { "What to do next:" }
    package var toldOnce: String { "You are told of this once only." }

    package func untilAcknowledged(everySeconds: Double) -> String {
        "You are told again every \(HumanText.duration(everySeconds)) until somebody acknowledges it:"
    }

    package func resolved(_ title: String, what: String, from: Date, to: Date) -> String {
        """
        Resolved: \(title).
        It lasted \(HumanText.duration(max(0, to.timeIntervalSince(from)))), from \(time(from)) to \(time(to)).
        What was wrong: \(what).
        """
    }

    package var more: String { "To see how everything is now:" }

    package func last(_ pause: AlertNotice.Pause) -> String {
        let time = HumanText.duration(pause.seconds)
        return "Many messages went to you within the hour. "
            + (pause.isUrgentExempt
                ? "For \(time) you are told only of what is critical and new; then a message says how things stand. "
                : "The next one comes in \(time) at the earliest and says how things stand then. ")
            + "Until then look yourself: recyclicctl status"
    }

    package var contacts: String { "Emergency contacts:" }

    package func test(instance: String) -> (subject: String, body: String) {
        (
            "test of the alerts",
            """
            This is a test of recyclicd on \(instance): somebody wants to know whether its messages arrive.

            They do. Nothing is wrong, and there is nothing to do.
            """
        )
    }

    func time(_ date: Date) -> String { HumanText.time(date, secondsFromUTC: zone.secondsFromUTC(date)) }
}
