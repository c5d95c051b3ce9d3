import Glibc

/// What standard output can show: whether it is a terminal, how wide, and whether colour is wanted.
struct Terminal: Sendable {
    /// Whether standard output is a terminal; only then are progress lines redrawn.
    var isInteractive: Bool
    /// Whether to use colour: on a terminal, unless `NO_COLOR` is set (no-color.org) or `TERM` is `dumb`.
    var usesColor: Bool
    /// Columns, 80 where unknown.
    var width: Int

    /// The terminal behind standard output.
    static func current() -> Terminal {
        let isInteractive = isatty(STDOUT_FILENO) == 1
        let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        var size = winsize()
        let known = isInteractive && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return Terminal(
            isInteractive: isInteractive,
            usesColor: isInteractive && !noColor && !isDumb,
            width: known ? Int(size.ws_col) : 80
        )
    }

    /// A terminal that shows plain text only, for pipes and tests.
    static let plain = Terminal(isInteractive: false, usesColor: false, width: 80)

    /// `text` in a style, or as it is where colour is not used.
    func styled(_ text: String, _ style: Style) -> String {
        usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// A line in pieces that fit, cut after spaces where there is one in the piece.
    func folded(_ line: String) -> [String] {
        let limit = max(20, width - 1)
        var rest = Array(line)[...]
        var pieces: [String] = []
        while rest.count > limit {
            let head = rest.prefix(limit)
            let cut = head.lastIndex(of: " ").map { $0 + 1 } ?? head.endIndex
            pieces.append(String(rest[rest.startIndex..<cut]))
            rest = rest[cut...]
        }
        return pieces + [String(rest)]
    }

    /// ANSI styles (ECMA-48, SGR). They only underline what the words already say.
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case good = "32"
        case caution = "33"
        case bad = "1;31"
    }
}

/// Writes a line to standard output.
func writeLine(_ line: String = "") {
    write(line + "\n", to: STDOUT_FILENO)
}

/// Writes a line to standard error.
func writeErrorLine(_ line: String) {
    write(line + "\n", to: STDERR_FILENO)
}

/// Writes all of `text`; a reader that went away (a closed pipe) ends it silently, as for every filter.
///
/// - Returns: Whether all of it was taken.
@discardableResult
func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }
}
