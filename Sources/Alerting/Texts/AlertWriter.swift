package import FoundationEssentials
import Monitoring

/// Puts what is to be told into a message: complete sentences in the reader's language, the instance's name first, each
/// problem with what is wrong, since when, what it means for the data, and the command to run next.
package struct AlertWriter: Sendable {
    /// The most titles that a subject names.
    private static let titles = 2

    private let words: any AlertWords
    private let instance: String
    private let contacts: String?
    private let repeatSeconds: Double

    /// - Parameters:
    ///   - words: The language.
    ///   - instance: What this recyclicd is called.
    ///   - contacts: Whom to call; goes into critical messages.
    ///   - repeatSeconds: How often what nobody acknowledged is told.
    package init(words: any AlertWords, instance: String, contacts: String?, repeatSeconds: Double) {
        self.words = words
        self.instance = instance
        self.contacts = contacts
        self.repeatSeconds = repeatSeconds
    }

    /// Writes a message about problems or their end.
    ///
    /// - Parameters:
    ///   - notice: What to tell.
    ///   - id: The message's id.
    ///   - date: The time.
    package func message(_ notice: AlertNotice, id: String, at date: Date) -> AlertMessage {
        let level = notice.problems.map(\.level).max() ?? .ok
        var paragraphs = [words.opening(notice, instance: instance)]
        for alert in notice.problems { paragraphs += describe(alert, at: date) }
        for alert in notice.resolved { paragraphs.append(ending(alert)) }
        paragraphs += footer(notice)
        if let pause = notice.pause { paragraphs.append(words.last(pause)) }
        if level == .critical, let contacts { paragraphs.append("\(words.contacts)\n\(Self.quoted(contacts))") }
        return AlertMessage(
            id: id,
            kind: notice.kind,
            level: level,
            instance: instance,
            subject: subject(notice, level),
            body: paragraphs.joined(separator: "\n\n"),
            problems: (notice.problems + notice.resolved).map { alert in
                let text = words.health.lines(alert.reason.fact)
                return AlertMessage.Problem(
                    code: alert.code.rawValue,
                    level: alert.level,
                    message: text.message,
                    since: alert.since,
                    hint: text.next
                )
            },
            createdAt: date
        )
    }

    /// Writes the message that tries whether messages arrive.
    package func test(id: String, at date: Date) -> AlertMessage {
        let (subject, body) = words.test(instance: instance)
        return AlertMessage(
            id: id,
            kind: .test,
            level: .ok,
            instance: instance,
            subject: "[\(instance)] \(subject)",
            body: body,
            createdAt: date
        )
    }

    /// Writes a digest.
    package func digest(_ facts: DigestFacts, id: String, at date: Date) -> AlertMessage {
        let (subject, paragraphs) = words.digest(facts, instance: instance)
        return AlertMessage(
            id: id,
            kind: .digest,
            level: .ok,
            instance: instance,
            subject: "[\(instance)] \(subject)",
            body: paragraphs.joined(separator: "\n\n"),
            problems: facts.health.reasons.map { reason in
                let text = words.health.lines(reason.fact)
                return AlertMessage.Problem(
                    code: reason.code.rawValue,
                    level: reason.level,
                    message: text.message,
                    since: reason.since,
                    hint: text.next
                )
            },
            createdAt: date
        )
    }

    // MARK: - Parts

    private func subject(_ notice: AlertNotice, _ level: HealthLevel) -> String {
        let alerts = notice.problems.isEmpty ? notice.resolved : notice.problems
        let titles = alerts.prefix(Self.titles).map { words.title($0.code) }
        let list = words.list(titles, more: alerts.count - titles.count)
        let prefix = words.prefix(notice.kind, notice.occasion)
        let head = [prefix, level == .ok ? "" : words.word(level)].filter { !$0.isEmpty }.joined(separator: ", ")
        return "[\(instance)] " + words.headed(head, list)
    }

    private func describe(_ alert: Alert, at date: Date) -> [String] {
        let text = words.health.lines(alert.reason.fact)
        let head = words.headed(words.word(alert.level), Self.sentence(text.what))
        let since = words.since(alert.since, ageSeconds: max(0, date.timeIntervalSince(alert.since)))
        var paragraphs = ["\(head)\n\(since)\n\(Self.sentence(text.meaning))"]
        if let command = text.command {
            paragraphs.append("\(words.next)\n    \(command)")
        } else {
            paragraphs.append("\(words.next)\n\(text.next)")
        }
        return paragraphs
    }

    private func ending(_ alert: Alert) -> String {
        let text = words.health.lines(alert.reason.fact)
        return words.resolved(
            words.title(alert.code),
            what: text.what,
            from: alert.since,
            to: alert.resolvedAt ?? alert.since
        )
    }

    private func footer(_ notice: AlertNotice) -> [String] {
        let repeated = notice.problems.filter { !$0.isToldOnce }
        if notice.problems.isEmpty { return ["\(words.more)\n    recyclicctl status"] }
        guard !repeated.isEmpty else { return [words.toldOnce] }
        let target = repeated.count == 1 ? repeated[0].code.rawValue : "all"
        return ["\(words.untilAcknowledged(everySeconds: repeatSeconds))\n    recyclicctl alerts ack \(target)"]
    }

    /// What begins in lower case as a sentence of its own.
    static func sentence(_ text: String) -> String {
        let end = text.last.map { ".!?…".contains($0) } ?? true ? "" : "."
        return text.prefix(1).uppercased() + text.dropFirst() + end
    }

    /// An operator's own lines, none of which is taken for a command or a new paragraph.
    private static func quoted(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { String($0.drop(while: \.isWhitespace)) }
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
