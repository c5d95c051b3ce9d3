import FoundationEssentials
import Monitoring

/// What is posted. The keys and their meaning stay; new ones may come.
struct WebhookBody: Encodable {
    struct Problem: Encodable {
        let code: String
        let level: String
        let message: String
        let since: String?
        let hint: String?
    }

    /// The version of this form.
    let version = 1
    let id: String
    let kind: String
    let level: String
    let instance: String
    let subject: String
    let body: String
    let createdAt: String
    let problems: [Problem]

    init(_ message: AlertMessage) {
        id = message.id
        kind = message.kind.rawValue
        level = message.level.rawValue
        instance = message.instance
        subject = message.subject
        body = message.body
        createdAt = Self.time(message.createdAt)
        problems = message.problems.map {
            Problem(
                code: $0.code,
                level: $0.level.rawValue,
                message: $0.message,
                since: $0.since.map(Self.time),
                hint: $0.hint
            )
        }
    }

    /// With sorted keys, so that equal messages are equal bytes.
    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("texts and whole numbers can always be written as JSON")
        }
        return Array(data)
    }

    /// RFC 3339, in UTC, in whole seconds.
    private static func time(_ date: Date) -> String { Date.ISO8601FormatStyle().format(date) }
}
