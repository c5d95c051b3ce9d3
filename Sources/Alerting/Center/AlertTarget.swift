package import Monitoring

/// What an operator means by a word: all that is open, a problem by its code, or an alert by its number.
package enum AlertTarget: Sendable, Hashable {
    case all
    case code(HealthReasonCode)
    case number(Int64)

    /// Reads `all`, a code in any case, `a12` or `12`; `nil` for anything else.
    package init?(_ text: String) {
        let word = text.lowercased()
        if word == "all" {
            self = .all
        } else if let code = HealthReasonCode.allCases.first(where: { $0.rawValue.lowercased() == word }) {
            self = .code(code)
        } else if let number = Int64(word.hasPrefix("a") ? word.dropFirst() : word[...]), number > 0 {
            self = .number(number)
        } else {
            return nil
        }
    }
}
