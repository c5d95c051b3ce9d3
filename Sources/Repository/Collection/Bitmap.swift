/// A set of numbers below a bound, a bit each.
struct Bitmap {
    private var words: [UInt64]

    /// - Parameter bound: Members are from 0 to `bound` - 1.
    init(bound: Int) {
        words = [UInt64](repeating: 0, count: (bound + 63) / 64)
    }

    /// Adds a number.
    ///
    /// - Returns: Whether it is new.
    @discardableResult
    mutating func insert(_ number: Int) -> Bool {
        let bit = UInt64(1) << UInt64(number % 64)
        guard words[number / 64] & bit == 0 else { return false }
        words[number / 64] |= bit
        return true
    }

    /// Whether a number is a member.
    func contains(_ number: Int) -> Bool {
        words[number / 64] & UInt64(1) << UInt64(number % 64) != 0
    }
}
