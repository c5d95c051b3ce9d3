import ControlAPI

/// How alerts are shown.
enum AlertView {
    /// What is open, what is silenced, and who is told.
    static func list(_ output: ListAlerts.Output, terminal: Terminal, now: Double) -> [String] {
        var lines: [String] = []
        if output.alerts.isEmpty {
            lines.append("no alerts")
        } else {
            var table = Table([
                ("ALERT", .left), ("LEVEL", .left), ("STATE", .left), ("SINCE", .left), ("TOLD", .right),
                ("CODE", .left),
            ])
            for alert in output.alerts {
                table.add([
                    alert.id, alert.level, alert.state, TimeText.relative(alert.since, now: now), "\(alert.told.count)",
                    alert.code,
                ])
            }
            lines += table.lines
        }
        if !output.silences.isEmpty { lines += [""] + output.silences.map { silence($0, now: now) } }
        return lines + [""] + recipients(output.recipients, terminal: terminal, now: now)
    }

    /// That what was asked for holds in memory only.
    static func note(_ unwritten: Failure?) -> [String] {
        unwritten.map { ["but \($0.message)"] + ($0.hint.map { ["→ \($0)"] } ?? []) } ?? []
    }

    /// One alert with all that was sent.
    static func lines(_ output: GetAlert.Output, terminal: Terminal, now: Double) -> [String] {
        let alert = output.alert
        var rows: [(String, String)] = [
            ("Alert", "\(alert.id) (\(alert.code))"),
            ("State", alert.state + (alert.silencedUntil.map { ", silenced until \(TimeText.local($0))" } ?? "")),
            ("Level", alert.level + (alert.worstLevel == alert.level ? "" : ", at its worst \(alert.worstLevel)")),
            ("What", alert.message),
        ]
        if let hint = alert.hint { rows.append(("Next", hint)) }
        rows.append(("Since", time(alert.since, now)))
        if let fired = alert.firedAt { rows.append(("Told since", time(fired, now))) }
        if let by = alert.acknowledgedBy {
            let at = alert.acknowledgedAt.map { ", \(time($0, now))" } ?? ""
            rows.append(("Acknowledged", "by \(by)\(at)" + (alert.acknowledgeReason.map { ": \($0)" } ?? "")))
        }
        if let escalated = alert.escalatedAt { rows.append(("Escalated", time(escalated, now))) }
        if let resolved = alert.resolvedAt { rows.append(("Resolved", time(resolved, now))) }
        rows.append(("Told", alert.told.isEmpty ? "nobody" : alert.told.joined(separator: ", ")))
        let width = rows.map(\.0.count).max() ?? 0
        var lines = rows.map { row in
            "\(terminal.styled(row.0, .dim))\(String(repeating: " ", count: width - row.0.count))  \(row.1)"
        }
        guard !output.deliveries.isEmpty else { return lines }
        var table = Table([
            ("MESSAGE", .left), ("TO", .left), ("STATE", .left), ("ATTEMPTS", .right), ("WRITTEN", .left),
        ])
        for delivery in output.deliveries {
            table.add([
                delivery.kind, "\(delivery.channel) \(delivery.recipient)", delivery.state, "\(delivery.attempts)",
                TimeText.relative(delivery.createdAt, now: now),
            ])
        }
        lines += [""] + table.lines
        if let error = output.deliveries.lazy.compactMap(\.error).first {
            lines += ["", error.message] + hint(error, terminal)
        }
        return lines
    }

    /// What came of a test.
    static func results(_ results: [AlertTest], terminal: Terminal) -> [String] {
        results.flatMap { result in
            let isGood = result.outcome == "delivered"
            let mark = terminal.styled(isGood ? "ok     " : "FAILED ", isGood ? .good : .bad)
            let list = result.list == "escalation" ? " (escalation)" : ""
            let why = result.error.map { ": \($0.message)" } ?? ""
            return ["\(mark)  \(result.channel) \(result.recipient)\(list)\(why)"]
                + (result.error.map { hint($0, terminal) } ?? [])
        }
    }

    /// An open alert in one line, for the status.
    static func line(_ alert: Alert, now: Double) -> String {
        let told = alert.told.isEmpty ? "nobody was told" : "told \(alert.told.joined(separator: ", "))"
        let known = alert.acknowledgedBy.map { ", acknowledged by \($0)" } ?? ""
        return "\(alert.id) \(alert.code): \(alert.state)\(known), \(told)"
    }

    /// What a silence lies over.
    static func name(_ silence: Silence) -> String { "\(silence.id): \(silence.code ?? "everything") is silenced" }

    /// A recipient in one line.
    static func line(_ recipient: AlertRecipient, now: Double) -> String {
        var text = "\(recipient.channel) \(recipient.recipient)"
        if recipient.list == "escalation" { text += " (escalation)" }
        if let since = recipient.failingSince {
            text += ", failing since \(TimeText.local(since))" + (recipient.error.map { ": \($0.message)" } ?? "")
        } else if let delivered = recipient.deliveredAt {
            text +=
                ", \(recipient.list == "deadMan" ? "arrived" : "told") last \(TimeText.relative(delivered, now: now))"
        } else {
            text += ", not tried yet"
        }
        if recipient.waiting > 0 { text += ", \(SizeText.count(recipient.waiting, "message")) waiting" }
        return text
    }

    private static func silence(_ silence: Silence, now: Double) -> String {
        "\(name(silence)) until \(TimeText.local(silence.endsAt)) by \(silence.by): \(silence.reason)"
    }

    private static func recipients(_ recipients: [AlertRecipient], terminal: Terminal, now: Double) -> [String] {
        let lines = recipients.map { line($0, now: now) }
        // The service that is pinged is nobody.
        guard recipients.contains(where: { $0.list != "deadMan" }) else {
            return ["nobody is told: no e-mail address, Telegram chat or webhook is set"]
                + ["  \(terminal.styled("→ recyclicctl doctor", .dim))"] + lines
        }
        return lines
    }

    private static func hint(_ error: Failure, _ terminal: Terminal) -> [String] {
        error.hint.map { ["           \(terminal.styled("→ \($0)", .dim))"] } ?? []
    }

    private static func time(_ text: String, _ now: Double) -> String {
        "\(TimeText.local(text)) (\(TimeText.relative(text, now: now)))"
    }
}
