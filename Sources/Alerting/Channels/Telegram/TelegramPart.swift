/// A message, or a part of a long one, as Telegram takes it: a plain text, and beside it which stretches look different.
///
/// No parse mode is used. With one, each text would have to be escaped by Telegram's rules, a mistake in that would have
/// the whole message refused, and what counts against the limit could not be told from the text. With entities the text
/// is sent as it is, whatever characters it holds.
struct TelegramPart: Sendable, Hashable {
    /// A stretch that looks different.
    struct Entity: Sendable, Hashable, Encodable {
        enum Kind: String, Sendable, Encodable {
            /// The subject.
            case bold
            /// A command, which a tap copies.
            case code
        }

        var type: Kind
        /// In UTF-16 code units, as the API counts.
        var offset: Int
        /// In UTF-16 code units.
        var length: Int
    }

    /// As long as the API lets a text be, in UTF-16 code units.
    static let limit = 4096
    /// A message becomes at most so many parts; what would follow is left out, with a mark that says so.
    static let maximumParts = 4
    /// What marks a text that goes on elsewhere.
    static let ellipsis = "…"

    private(set) var text = ""
    private(set) var entities: [Entity] = []
    private var length = 0

    /// Cuts a message into parts: between lines where it can, else between words, else between characters.
    static func parts(of message: AlertMessage) -> [TelegramPart] {
        let lines = lines(of: message)
        let whole = packed(lines, room: limit)
        guard whole.count > 1 else { return whole }
        // Each gets its number in a last line, such as "(1/3)".
        var parts = packed(lines, room: limit - 8)
        let isCut = parts.count > maximumParts
        parts = Array(parts.prefix(maximumParts))
        for index in parts.indices {
            let mark = isCut && index == parts.count - 1 ? ellipsis + " " : ""
            parts[index].append(Line(text: "\(mark)(\(index + 1)/\(parts.count))"))
        }
        return parts
    }

    private struct Line {
        var text: String
        var kind: Entity.Kind?

        var length: Int { text.utf16.count }
    }

    private static func lines(of message: AlertMessage) -> [Line] {
        let body = message.body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            line.hasPrefix("    ")
                ? Line(text: String(line.drop { $0 == " " }), kind: .code) : Line(text: String(line))
        }
        return [Line(text: message.subject, kind: .bold), Line(text: "")] + body
    }

    private static func packed(_ lines: [Line], room: Int) -> [TelegramPart] {
        var parts: [TelegramPart] = []
        var part = TelegramPart()
        func close() {
            parts.append(part)
            part = TelegramPart()
        }
        for line in lines {
            var rest = line
            while true {
                let left = part.length == 0 ? room : room - part.length - 1
                if rest.length <= left {
                    // Nothing begins with an empty line, which Telegram would take off and count entities anew.
                    if part.length > 0 || rest.length > 0 { part.append(rest) }
                    break
                }
                // A line that needs more than one part anyway fills this one up, unless that is nearly full.
                if rest.length > room, left > room / 4 {
                    let cut = cut(rest.text, room: left)
                    part.append(Line(text: String(rest.text[..<cut]), kind: line.kind))
                    rest.text = String(rest.text[cut...])
                }
                close()
            }
        }
        if part.length > 0 { close() }
        return parts.map { $0.trimmed() }
    }

    private mutating func append(_ line: Line) {
        if length > 0 {
            text += "\n"
            length += 1
        }
        if let kind = line.kind, line.length > 0 {
            entities.append(Entity(type: kind, offset: length, length: line.length))
        }
        text += line.text
        length += line.length
    }

    /// Without line ends at its end.
    private func trimmed() -> TelegramPart {
        var part = self
        while part.text.last?.isNewline == true {
            part.text.removeLast()
            part.length = part.text.utf16.count
        }
        return part
    }

    /// Where to cut so that at most `room` code units come before: after the last space, else between characters, else
    /// (one character longer than a message) between its scalars.
    private static func cut(_ text: String, room: Int) -> String.Index {
        let limit = text.utf16.index(text.startIndex, offsetBy: room)
        let head = text[..<limit]
        if let space = head.lastIndex(of: " "), space > text.startIndex { return text.index(after: space) }
        var end = text.startIndex
        while end < limit {
            let next = text.index(after: end)
            guard next <= limit else { break }
            end = next
        }
        if end > text.startIndex { return end }
        while end < limit {
            let next = text.unicodeScalars.index(after: end)
            guard next <= limit else { break }
            end = next
        }
        return end
    }
}
