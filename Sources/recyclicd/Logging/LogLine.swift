import FoundationEssentials
import Logging
import Varlink

/// One line of the log, in its forms.
struct LogLine {
    var time: Date
    var level: Logger.Level
    var message: String
    /// Sorted by key.
    var fields: [(key: String, value: String)]

    /// For people: time, level, message, fields.
    var text: String {
        "\(time.formatted(.iso8601)) \(level.rawValue) " + Self.plain(message, fields)
    }

    /// For programs: one object, the fields beside `time`, `level` and `message`.
    var json: String {
        var members: [String: JSONValue] = [:]
        for (key, value) in fields { members[key] = .string(value) }
        members["time"] = .string(time.formatted(.iso8601))
        members["level"] = .string(level.rawValue)
        members["message"] = .string(message)
        return JSONValue.object(members).description
    }

    /// Message and fields on one line, whatever is in them: a line break would begin another event.
    static func plain(_ message: String, _ fields: [(key: String, value: String)]) -> String {
        let tail = fields.filter { $0.key != LogKey.event }.map { " \($0.key)=\(quoted($0.value))" }
        return (message + tail.joined()).replacing("\n", with: "\\n")
    }

    private static func quoted(_ text: String) -> String {
        text.contains { $0 == " " || $0 == "\"" } ? "\"\(text.replacing("\"", with: "\\\""))\"" : text
    }
}
