import TestSupport

/// What pg_dump writes of a table that changes a little every day: rows in the order in which they lie in the table, and one
/// that was changed lies elsewhere than before.
struct ChangingDump {
    private var generator: SeededGenerator
    private var rows: [[UInt8]]
    /// The dump.
    private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - seed: Picks the rows.
    ///   - rows: How many; of some 130 bytes each.
    init(seed: UInt64, rows: Int) {
        var generator = SeededGenerator(seed: seed)
        let text = generator.text(120 * rows)
        self.rows = (0..<rows).map { number in
            var row = Array("\(number)\t".utf8)
            row += text[number * 120..<number * 120 + 120]
            row.append(UInt8(ascii: "\n"))
            return row
        }
        self.generator = generator
        write()
    }

    /// Changes a hundredth of the rows, picked at random.
    mutating func advance() {
        for _ in 0..<rows.count / 100 {
            var row = rows.remove(at: Int.random(in: 0..<rows.count, using: &generator))
            row[row.count / 2] ^= 1
            rows.insert(row, at: Int.random(in: 0...rows.count, using: &generator))
        }
        write()
    }

    private mutating func write() {
        bytes = Array("PGDMP".utf8)
        for row in rows { bytes += row }
    }
}
