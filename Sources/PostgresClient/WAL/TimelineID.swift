/// The number of a timeline: 1 after initdb, one more after each recovery that ended in a promotion.
package struct TimelineID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// The number, at least 1 for a timeline that exists.
    package var rawValue: UInt32

    /// Makes an id from its number.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Makes an id from its number.
    package init(_ number: UInt32) {
        rawValue = number
    }

    /// Whether `left` is older than `right`.
    package static func < (left: TimelineID, right: TimelineID) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The name of the timeline's history file, `00000002.history`. Timeline 1 has none.
    package var historyFileName: String {
        "\(hexadecimal(rawValue)).history"
    }
}

extension TimelineID: CustomStringConvertible {
    /// The number in decimal, as SQL shows it.
    package var description: String {
        "\(rawValue)"
    }
}

/// Eight hexadecimal digits in capitals.
func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: 8 - digits.count) + digits
}
