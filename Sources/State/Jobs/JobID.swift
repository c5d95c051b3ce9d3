/// A job's number, shown as `j12`. Numbers rise and are not used again as long as the state file lives.
package struct JobID: Hashable, Codable, Comparable, Sendable, CustomStringConvertible {
    /// The number, at least 1.
    package let number: Int64

    package init(number: Int64) {
        self.number = number
    }

    /// Reads `j12` or `12`; `nil` for anything else.
    package init?(_ text: String) {
        let digits = text.first == "j" || text.first == "J" ? text.dropFirst() : text[...]
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(digits), number > 0 else {
            return nil
        }
        self.number = number
    }

    package var description: String { "j\(number)" }

    package static func < (left: JobID, right: JobID) -> Bool { left.number < right.number }
}
