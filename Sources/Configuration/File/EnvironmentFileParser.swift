/// Reads environment files by the rules of systemd's `EnvironmentFile=` (systemd.exec(5)).
///
/// A pure function over bytes: it takes anything, never traps, and answers with assignments and remarks. Where a shell or
/// Compose would read a line in another way, a remark says how it is read here. Stricter than systemd in three ways,
/// because what systemd drops silently is a mistake in a file written for one program: a line without "=", an invalid
/// name and an unclosed quote are errors.
package struct EnvironmentFileParser {
    private let path: String
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var file: EnvironmentFile
    private var lastLines: [String: Int] = [:]

    /// Reads `bytes`.
    ///
    /// - Parameter path: For the findings only.
    package static func parse(_ bytes: [UInt8], path: String) -> EnvironmentFile {
        var file = EnvironmentFile()
        guard let lines = EnvironmentFileBytes.normalized(bytes, path: path, remarks: &file) else { return file }
        var parser = EnvironmentFileParser(path: path, bytes: lines, file: file)
        parser.parseAll()
        parser.file.sortRemarks()
        return parser.file
    }

    private init(path: String, bytes: [UInt8], file: EnvironmentFile) {
        self.path = path
        self.bytes = bytes
        self.file = file
    }

    private mutating func parseAll() {
        while let byte = peek() {
            switch byte {
            case .newline:
                advance()
            case .space, .tab:
                advance()
            case .hash, .semicolon:
                skipComment()
            default:
                parseLine()
            }
        }
    }

    // MARK: - Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func advance() {
        if bytes[position] == .newline { line += 1 }
        position += 1
    }

    private mutating func takeLine() -> ArraySlice<UInt8> {
        let start = position
        while let byte = peek(), byte != .newline { advance() }
        return bytes[start..<position]
    }

    // MARK: - Lines

    private mutating func skipComment() {
        let start = line
        let text = takeLine()
        if text.contains(0) {
            remark(.error, line: start, "a NUL byte in a comment", hint: EnvironmentFileBytes.encodingHint)
        } else if String(validating: text, as: UTF8.self) == nil {
            remark(.warning, line: start, "a comment is not valid UTF-8", hint: EnvironmentFileBytes.encodingHint)
        }
        if text.last == .backslash {
            remark(
                .warning,
                line: start,
                "a comment ends in a backslash, read as the end of the comment",
                hint: "systemd before version 254 takes the next line as part of the comment; remove the backslash."
            )
        }
    }

    private mutating func parseLine() {
        let start = line
        let begin = position
        while let byte = peek(), byte != .newline, byte != .equals { advance() }
        let key = bytes[begin..<position]
        guard peek() == .equals else {
            // What is on such a line may be the rest of a secret, so only its beginning is looked at, never shown.
            remark(
                .error,
                line: start,
                #"the line has no "=" sign"#,
                hint: "Write NAME=value, or begin the line with # if it is a comment."
            )
            return
        }
        advance()
        let value = readValue()
        guard let name = self.name(from: key, line: start) else { return }
        report(value, of: name, line: start)
        guard let text = String(validating: value.bytes, as: UTF8.self), !value.bytes.contains(0) else {
            let found = value.bytes.contains(0) ? "holds a NUL byte" : "is not valid UTF-8"
            remark(
                .error,
                line: start,
                "the value of \"\(name)\" \(found)",
                hint: EnvironmentFileBytes.encodingHint
            )
            return
        }
        if let earlier = lastLines[name] {
            remark(
                .warning,
                name: name,
                line: start,
                "\"\(name)\" is set on line \(earlier) already, and this line counts",
                hint: "Remove one of the two."
            )
        }
        lastLines[name] = start
        file.append(EnvironmentFile.Assignment(name: name, value: text, line: start))
    }

    /// The name before the "=", or `nil` after a remark about why it is none.
    private mutating func name(from key: ArraySlice<UInt8>, line start: Int) -> String? {
        var words = key.split(whereSeparator: { $0 == .space || $0 == .tab })
        let isExported = words.count == 2 && words[0].elementsEqual("export".utf8)
        if isExported { words.removeFirst() }
        guard words.count == 1, Self.isName(words[0]), let name = String(validating: words[0], as: UTF8.self) else {
            remark(
                .error,
                line: start,
                #"what stands before "=" is not a name"#,
                hint: "A name is made of letters, digits and \"_\" and does not begin with a digit."
            )
            return nil
        }
        if isExported {
            remark(
                .warning,
                line: start,
                "\"export\" before \"\(name)\", accepted",
                hint: "systemd ignores such a line; write \(name)=… without \"export\"."
            )
        } else if key.last == .space || key.last == .tab {
            remark(
                .warning,
                name: name,
                line: start,
                "white space between \"\(name)\" and \"=\", accepted as systemd does",
                hint: "A shell takes \(name) for a command; write \(name)=… without the space."
            )
        }
        return name
    }

    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, !first.isDigit else { return false }
        return bytes.allSatisfy { $0.isLetter || $0.isDigit || $0 == .underscore }
    }

    // MARK: - Values

    /// Reads up to the end of the value; the states are those of systemd's own reader.
    private mutating func readValue() -> EnvironmentFileValue {
        var value = EnvironmentFileValue()
        /// From which byte of the value on there is only unquoted white space, which does not count at the end.
        var trailingSpace: Int?
        var isAfterSpace = false
        var isText = false
        while let byte = peek(), byte != .newline {
            advance()
            switch byte {
            case .singleQuote where !isText:
                readSingleQuoted(into: &value)
                isAfterSpace = false
            case .doubleQuote where !isText:
                readDoubleQuoted(into: &value)
                isAfterSpace = false
            case .backslash:
                isText = true
                trailingSpace = nil
                isAfterSpace = false
                let next = peek()
                if next != nil { advance() }
                if next == .newline {
                    noteContinuation(of: &value)
                } else {
                    value.traits.insert(.backslash)
                    if let next { value.bytes.append(next) }
                }
            case .space, .tab:
                isAfterSpace = true
                guard isText else { break }
                trailingSpace = trailingSpace ?? value.bytes.count
                value.bytes.append(byte)
            default:
                if !isText, value.traits.contains(.quoted) { value.traits.insert(.textAfterQuote) }
                isText = true
                value.note(unquoted: byte, isAfterSpace: isAfterSpace, hadSpaceInside: trailingSpace != nil)
                trailingSpace = nil
                isAfterSpace = false
                value.bytes.append(byte)
            }
        }
        if let trailingSpace { value.bytes.removeSubrange(trailingSpace...) }
        return value
    }

    private mutating func readSingleQuoted(into value: inout EnvironmentFileValue) {
        value.traits.insert(.quoted)
        while let byte = peek() {
            advance()
            if byte == .singleQuote { return }
            value.bytes.append(byte)
            if byte == .newline { noteContinuation(of: &value) }
        }
        value.traits.insert(.unclosedQuote)
    }

    private mutating func readDoubleQuoted(into value: inout EnvironmentFileValue) {
        value.traits.insert(.quoted)
        while let byte = peek() {
            advance()
            switch byte {
            case .doubleQuote:
                return
            case .backslash:
                guard let next = peek() else { break }
                advance()
                switch next {
                case .newline:
                    noteContinuation(of: &value)
                case .doubleQuote, .backslash, .backtick, .dollar:
                    value.bytes.append(next)
                default:
                    value.traits.insert(.backslashInDoubleQuotes)
                    value.bytes += [.backslash, next]
                }
            default:
                value.note(doubleQuoted: byte)
                value.bytes.append(byte)
                if byte == .newline { noteContinuation(of: &value) }
            }
        }
        value.traits.insert(.unclosedQuote)
    }

    /// Called at the beginning of a further line of a value: an assignment there was most likely not meant to be part
    /// of it.
    private func noteContinuation(of value: inout EnvironmentFileValue) {
        let rest = bytes[position...].prefix { $0 != .newline }
        guard let equals = rest.firstIndex(of: .equals), Self.isName(rest[..<equals]), value.swallowedLine == nil else {
            return
        }
        value.swallowedLine = line
    }

    private mutating func report(_ value: EnvironmentFileValue, of name: String, line start: Int) {
        if value.traits.contains(.unclosedQuote) {
            remark(
                .error,
                line: start,
                "the quote that opens the value of \"\(name)\" is never closed",
                hint: "Close it, or put the whole value in the other kind of quotes."
            )
        } else if let swallowed = value.swallowedLine {
            remark(
                .warning,
                line: swallowed,
                "this line is read as part of the value of \"\(name)\", which begins on line \(start)",
                hint: "Close the quote or remove the backslash before this line."
            )
        }
        for oddity in value.oddities {
            remark(.warning, name: name, line: start, "the value of \"\(name)\" \(oddity.found)", hint: oddity.hint)
        }
    }

    private mutating func remark(
        _ severity: ConfigurationFinding.Severity,
        name: String? = nil,
        line: Int,
        _ message: String,
        hint: String
    ) {
        let finding = ConfigurationFinding(severity, file: path, line: line, message: message, hint: hint)
        file.append(EnvironmentFile.Remark(name: name, finding: finding))
    }
}
