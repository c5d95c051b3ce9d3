package import FoundationEssentials

/// French as it is set: no-break spaces before double signs and units, « guillemets », the apostrophe ’, decimal commas.
///
/// In a literal of this type, what stands between the values is set so; the values stay as they are, for a command, a
/// path or a server's own words must not change.
package struct FrenchText: ExpressibleByStringInterpolation, Sendable, Hashable {
    /// The text.
    package let text: String

    package init(stringLiteral value: String) {
        text = Self.typeset(value)
    }

    package init(stringInterpolation: Interpolation) {
        text = stringInterpolation.text
    }

    /// Puts literal parts and values together.
    package struct Interpolation: StringInterpolationProtocol {
        var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        package mutating func appendLiteral(_ literal: String) { text += FrenchText.typeset(literal) }

        package mutating func appendInterpolation(_ value: some CustomStringConvertible) { text += "\(value)" }

        package mutating func appendInterpolation(_ value: FrenchText) { text += value.text }
    }

    private static let noBreak: Character = "\u{00A0}"
    private static let narrowNoBreak: Character = "\u{202F}"

    private static func typeset(_ literal: String) -> String {
        var result = ""
        for character in literal {
            switch character {
            case ":", "»":
                if result.last == " " { result.replaceLast(with: noBreak) }
                result.append(character)
            case ";", "!", "?":
                if result.last == " " { result.replaceLast(with: narrowNoBreak) }
                result.append(character)
            case " " where result.last == "«":
                result.append(noBreak)
            case "'":
                result.append("’")
            default:
                result.append(character)
            }
        }
        return result
    }

    // MARK: - Figures

    /// A length of time with its two largest units: `45 s`, `3 h 12 min`, `2 j 4 h`.
    ///
    /// - Parameter seconds: The length; a negative one counts as 0.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "durée inconnue" }
        return figures(HumanText.duration(seconds), replacing: "d", with: "j")
    }

    /// A size: `512 o`, `3,4 Mio`, `118 Gio`.
    ///
    /// - Parameter bytes: The size.
    package static func size(_ bytes: Int64) -> String {
        figures(HumanText.size(bytes), replacing: "B", with: "o")
    }

    /// A number of things: French takes the singular for 0 and 1.
    package static func count(_ number: Int, _ singular: String, _ plural: String) -> FrenchText {
        "\(number)\(noBreak)\(abs(number) < 2 ? singular : plural)"
    }

    /// A time: `21/11/2026 à 3 h 00 (UTC+01:00)`.
    ///
    /// - Parameters:
    ///   - date: The time; seconds are cut off.
    ///   - secondsFromUTC: The distance of the zone's time from UTC at that time.
    package static func time(_ date: Date, secondsFromUTC: Int = 0) -> String {
        let parts = HumanText.time(date, secondsFromUTC: secondsFromUTC).split(separator: " ").map(String.init)
        let day = parts[0].split(separator: "-").reversed().joined(separator: "/")
        let clock = parts[1].split(separator: ":")
        let hour = clock[0].hasPrefix("0") ? clock[0].dropFirst() : clock[0]
        let zone = parts[2] == "UTC" ? "UTC" : "UTC\(parts[2])"
        return "\(day) à \(hour)\(noBreak)h\(noBreak)\(clock[1]) (\(zone))"
    }

    private static func figures(_ text: String, replacing unit: Character, with other: Character) -> String {
        String(
            text.map { character in
                switch character {
                case " ": noBreak
                case ".": ","
                case unit: other
                default: character
                }
            }
        )
    }
}

extension String {
    fileprivate mutating func replaceLast(with character: Character) {
        removeLast()
        append(character)
    }
}
