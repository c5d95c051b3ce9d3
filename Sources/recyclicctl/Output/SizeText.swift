/// Sizes and rates as a person reads them.
enum SizeText {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]

    /// `bytes` in the largest unit that keeps the number at 1 or more, with three digits at the most: `1.73 GiB`.
    static func size(_ bytes: Int64) -> String {
        var value = Double(bytes.magnitude)
        var unit = 0
        while value >= 1_023.5 && unit + 1 < units.count {
            value /= 1_024
            unit += 1
        }
        let sign = bytes < 0 ? "-" : ""
        guard unit > 0 else { return "\(sign)\(bytes.magnitude) B" }
        let decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
        return "\(sign)\(fixed(value, decimals: decimals)) \(units[unit])"
    }

    /// A rate in bytes a second.
    static func rate(_ bytesPerSecond: Double) -> String {
        "\(size(Int64(max(0, min(bytesPerSecond, 1e18)))))/s"
    }

    /// `value` with a fixed number of decimals, rounded half away from zero.
    static func fixed(_ value: Double, decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int64((value * scale).rounded())
        guard decimals > 0 else { return "\(scaled)" }
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let point = padded.index(padded.endIndex, offsetBy: -decimals)
        return "\(scaled < 0 ? "-" : "")\(padded[..<point]).\(padded[point...])"
    }

    /// A count with its noun, in the plural unless it is one.
    static func count(_ number: Int64, _ noun: String, plural: String? = nil) -> String {
        "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// A number with a comma between each three digits.
    static func grouped(_ number: Int64) -> String {
        var text = ""
        let digits = String(number.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-\(text)" : text
    }
}
