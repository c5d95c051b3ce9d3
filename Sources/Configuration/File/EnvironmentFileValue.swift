/// A value while it is read, with what was noticed on the way.
struct EnvironmentFileValue {
    /// How a value is written; those that a shell or Compose reads in another way become warnings.
    struct Traits: OptionSet {
        let rawValue: Int

        static let quoted = Traits(rawValue: 1 << 0)
        static let unclosedQuote = Traits(rawValue: 1 << 1)
        static let textAfterQuote = Traits(rawValue: 1 << 2)
        static let quoteInside = Traits(rawValue: 1 << 3)
        static let backslash = Traits(rawValue: 1 << 4)
        static let backslashInDoubleQuotes = Traits(rawValue: 1 << 5)
        static let dollar = Traits(rawValue: 1 << 6)
        static let backtick = Traits(rawValue: 1 << 7)
        static let inlineComment = Traits(rawValue: 1 << 8)
        static let spaceInside = Traits(rawValue: 1 << 9)
    }

    var bytes: [UInt8] = []
    var traits: Traits = []
    /// The first further line of the value that looks like an assignment of its own.
    var swallowedLine: Int?

    mutating func note(unquoted byte: UInt8, isAfterSpace: Bool, hadSpaceInside: Bool) {
        if byte == .hash, isAfterSpace {
            traits.insert(.inlineComment)
        } else if hadSpaceInside {
            traits.insert(.spaceInside)
        }
        if byte == .singleQuote || byte == .doubleQuote { traits.insert(.quoteInside) }
        note(doubleQuoted: byte)
    }

    mutating func note(doubleQuoted byte: UInt8) {
        if byte == .dollar { traits.insert(.dollar) }
        if byte == .backtick { traits.insert(.backtick) }
    }

    /// What to warn about. The texts never quote the value: it may be a secret.
    var oddities: [(found: String, hint: String)] {
        var result: [(found: String, hint: String)] = []
        if traits.contains(.inlineComment) {
            result.append(
                (
                    #"holds " #", read as part of the value as systemd does"#,
                    "A shell and Compose take it for a comment; put comments on lines of their own, or quote the value."
                )
            )
        } else if traits.contains(.spaceInside) {
            result.append(
                (
                    "holds white space without quotes, accepted",
                    "A shell takes the second word for a command; use quotes."
                )
            )
        }
        if traits.contains(.dollar) {
            result.append(
                (
                    #"holds "$", read as it stands"#,
                    "A shell and Compose put the value of a variable there; use single quotes, or write out what is meant."
                )
            )
        }
        if traits.contains(.backtick) {
            result.append(
                ("holds a backtick, read as it stands", "A shell runs a command there; put the value in single quotes.")
            )
        }
        if traits.contains(.backslash) {
            result.append(
                (
                    "holds a backslash without quotes, which is taken off as systemd and a shell do",
                    "Compose keeps it; put the value in single quotes to keep it everywhere."
                )
            )
        }
        if traits.contains(.backslashInDoubleQuotes) {
            result.append(
                (
                    #"holds a backslash before a letter, read as it stands as systemd does"#,
                    "Compose makes another character of some; put the value in single quotes."
                )
            )
        }
        if traits.contains(.textAfterQuote) {
            result.append(
                (
                    "goes on after the closing quote, read as one value",
                    "Compose refuses that; put the whole value in quotes, and a comment on a line of its own."
                )
            )
        }
        if traits.contains(.quoteInside) {
            result.append(
                (
                    "holds a quote after its first character, read as part of the value as systemd does",
                    "A shell takes it off; put the whole value in the other kind of quotes."
                )
            )
        }
        return result
    }
}
