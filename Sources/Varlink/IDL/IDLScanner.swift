/// Walks over the text of an interface description: white space, comments, words and signs.
struct IDLScanner {
    /// A place in the text.
    struct Place {
        let line: Int
        let column: Int
    }

    private let text: [Unicode.Scalar]
    private var position = 0
    private var line = 1
    private var column = 1
    /// The comments skipped since ``takeComments()``.
    private var comments: [String] = []

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    /// Where the next word or sign begins.
    mutating func place() -> Place {
        skip()
        return Place(line: line, column: column)
    }

    /// The comments that stood before the next word or sign; each is given out once.
    mutating func takeComments() -> [String] {
        skip()
        defer { comments = [] }
        return comments
    }

    /// The comment behind what was just read, when one begins on the same line.
    mutating func takeTrailingComment() -> [String] {
        while let next = peek, next == " " || next == "\t" { advance() }
        guard peek == "#" else { return [] }
        return [comment()]
    }

    var isAtEnd: Bool {
        mutating get {
            skip()
            return position >= text.count
        }
    }

    private var peek: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func advance() {
        if text[position] == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        position += 1
    }

    private mutating func comment() -> String {
        advance()
        if peek == " " { advance() }
        var content = String.UnicodeScalarView()
        while let next = peek, next != "\n", next != "\r" {
            content.append(next)
            advance()
        }
        while let last = content.last, last == " " || last == "\t" { content.removeLast() }
        return String(content)
    }

    private mutating func skip() {
        while let next = peek {
            switch next {
            case " ", "\t", "\r", "\n": advance()
            case "#": comments.append(comment())
            default: return
            }
        }
    }

    /// An error at the next word or sign that tells what was expected there.
    mutating func expected(_ what: String) -> IDLError {
        let place = place()
        return IDLError(
            message: "expected \(what), found \(found)",
            line: place.line,
            column: place.column
        )
    }

    private var found: String {
        guard let first = peek else { return "the end of the text" }
        var copy = self
        if let word = copy.word() { return "\"\(word)\"" }
        return first.isASCII && first.value < 0x20 ? "a control character" : "\"\(first)\""
    }

    /// Whether `sign` comes next.
    mutating func isNext(_ sign: String) -> Bool {
        skip()
        return text[position...].starts(with: sign.unicodeScalars)
    }

    /// Takes `sign` if it comes next.
    mutating func take(_ sign: String) -> Bool {
        guard isNext(sign) else { return false }
        for _ in sign.unicodeScalars { advance() }
        return true
    }

    /// Takes `sign`, which must come next.
    mutating func require(_ sign: String) throws(IDLError) {
        guard take(sign) else { throw expected("\"\(sign)\"") }
    }

    /// Takes letters, digits and underscores.
    mutating func word() -> String? {
        skip()
        var word = String.UnicodeScalarView()
        while let next = peek, next == "_" || Self.isAlphanumeric(next) {
            word.append(next)
            advance()
        }
        return word.isEmpty ? nil : String(word)
    }

    /// Takes what an interface's name may be made of, be it a good name or not.
    mutating func dottedWord() -> String? {
        skip()
        var word = String.UnicodeScalarView()
        while let next = peek, next == "_" || next == "." || next == "-" || Self.isAlphanumeric(next) {
            word.append(next)
            advance()
        }
        return word.isEmpty ? nil : String(word)
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }
}
