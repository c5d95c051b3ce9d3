/// A row of bars, one for each value.
enum Sparkline {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// The bars; the highest value is the full one, a value that is not known a space.
    ///
    /// - Parameters:
    ///   - values: The values, at least 0.
    ///   - width: How many bars at most; more values are taken together, the highest counts.
    static func text(_ values: [Double?], width: Int) -> String {
        guard !values.isEmpty, width > 0 else { return "" }
        let size = (values.count + width - 1) / width
        let groups = stride(from: 0, to: values.count, by: size).map { start in
            values[start..<min(start + size, values.count)].compactMap { $0 }.max()
        }
        let highest = groups.compactMap { $0 }.filter(\.isFinite).max() ?? 0
        return String(
            groups.map { value in
                guard let value else { return Character(" ") }
                guard value.isFinite else { return bars[bars.count - 1] }
                guard highest > 0 else { return bars[0] }
                return bars[min(bars.count - 1, max(0, Int(value / highest * Double(bars.count - 1) + 0.5)))]
            }
        )
    }
}
