/// A number with a fixed count of decimals, exact: what a sum of money or weights is once it is rounded.
package struct FixedPoint: Sendable, Hashable, CustomStringConvertible {
    /// The number in its smallest unit: cents, grams, or ones.
    package let units: Int64
    /// How many of its digits stand after the point, 0 to 9.
    package let decimals: Int

    package init(units: Int64, decimals: Int) {
        precondition((0...9).contains(decimals), "a number with \(decimals) decimals")
        self.units = units
        self.decimals = decimals
    }

    /// Reads what PostgreSQL prints for a `numeric` that has at most so many decimals: `-12.50`, `7`.
    ///
    /// `nil` when it is `NaN`, infinite, out of range, or has more decimals that are not 0.
    package init?(postgresText text: String, decimals: Int) {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        let kept = fraction.prefix(decimals)
        let padding = String(repeating: "0", count: decimals - kept.count)
        guard fraction.dropFirst(decimals).allSatisfy({ $0 == "0" }) else { return nil }
        let digits = "\(parts[0])\(kept)\(padding)"
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let units = Int64((isNegative ? "-" : "") + digits)
        else { return nil }
        self.init(units: units, decimals: decimals)
    }

    /// The number as JSON writes it, without zeros at its end: `12.5`.
    package var description: String {
        guard decimals > 0 else { return "\(units)" }
        var digits = String(units.magnitude)
        while digits.utf8.count <= decimals { digits = "0" + digits }
        var fraction = digits.suffix(decimals)
        while fraction.last == "0" { fraction.removeLast() }
        let text = digits.dropLast(decimals) + (fraction.isEmpty ? "" : "." + fraction)
        return (units < 0 ? "-" : "") + text
    }

    /// The nearest double, whose shortest form is the number again (below 2⁵³ units).
    package var double: Double {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        return Double(units) / scale
    }
}
