/// A length of time as an operator gives it: a number and a unit.
enum DurationArgument {
    /// What is accepted, for help and errors.
    static let accepted = "a number with s, m, h, d or w behind it, such as 30m, 2h or 3d"

    /// The length in seconds; `nil` when it is none, or more than ten years.
    static func seconds(_ text: String) -> Int64? {
        let word = text.lowercased()
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400]
        guard let last = word.last, let unit = units[last], let number = Int64(word.dropLast()), number > 0 else {
            return nil
        }
        let (seconds, isTooMuch) = number.multipliedReportingOverflow(by: unit)
        return isTooMuch || seconds > 3650 * 86_400 ? nil : seconds
    }
}
