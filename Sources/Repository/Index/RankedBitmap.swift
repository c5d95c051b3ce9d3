/// A set of numbers below a bound, a bit each, that tells how many members are below a number.
struct RankedBitmap {
    /// How many words share one sum: a sum costs as much as half a word.
    private static let wordsPerSum = 8

    private var words: [UInt64]
    private var sums: [UInt32] = []
    /// How many members there are; known after ``rank()``.
    private(set) var count = 0

    /// - Parameter bound: Members are below it.
    init(bound: Int) {
        words = [UInt64](repeating: 0, count: (bound + 63) / 64)
    }

    mutating func insert(_ number: Int) {
        words[number / 64] |= 1 << UInt64(number % 64)
    }

    func contains(_ number: Int) -> Bool {
        words[number / 64] & (1 << UInt64(number % 64)) != 0
    }

    /// Ends the inserting and prepares ``rank(of:)``.
    mutating func rank() {
        sums = []
        var total = 0
        for (index, word) in words.enumerated() {
            if index % Self.wordsPerSum == 0 { sums.append(UInt32(total)) }
            total += word.nonzeroBitCount
        }
        count = total
    }

    /// How many members are below `number`.
    func rank(of number: Int) -> Int {
        let word = number / 64
        var total = Int(sums[word / Self.wordsPerSum])
        for index in word / Self.wordsPerSum * Self.wordsPerSum..<word { total += words[index].nonzeroBitCount }
        return total + (words[word] & ((1 << UInt64(number % 64)) - 1)).nonzeroBitCount
    }
}
