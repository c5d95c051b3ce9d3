/// Strict reading of whole numbers: ASCII digits only, so that "5s", "1e3" and "+5" are mistakes and not numbers.
enum WholeNumber {
    /// The number, or `nil` when `text` is empty, holds anything but digits or is too large for `Int`.
    static func parse(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
            return nil
        }
        return Int(text)
    }
}
