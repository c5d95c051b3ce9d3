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
        return escaped(message + tail.joined())
    }

    /// Control characters, which would begin a line or drive a terminal, as escapes. By scalars: a carriage return with a line
    /// feed is one character, and neither of the two.
    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isHarmful(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func quoted(_ text: String) -> String {
        text.contains { $0 == " " || $0 == "\"" } ? "\"\(text.replacing("\"", with: "\\\""))\"" : text
    }
}
