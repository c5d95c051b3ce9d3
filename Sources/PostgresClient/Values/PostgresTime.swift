import FoundationEssentials

/// The forms that PostgreSQL gives to time.
enum PostgresTime {
    /// 2000-01-01 00:00 UTC, from which the binary forms count microseconds, in seconds since 1970.
    static let epoch: Double = 946_684_800

    /// The current time in microseconds since ``epoch``.
    static var nowInMicroseconds: Int64 {
        Int64((Date.now.timeIntervalSince1970 - epoch) * 1_000_000)
    }

    /// The moment that a binary form means.
    static func date(microseconds: Int64) -> Date {
        Date(timeIntervalSince1970: epoch + Double(microseconds) / 1_000_000)
    }

    /// Reads `2026-11-22 02:00:00.123456+00`; the offset may be `+HH`, `+HH:MM` or `+HH:MM:SS`.
    static func parse(_ text: String) -> Date? {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4...6), scanner.take("-"), let month = scanner.number(2...2),
            scanner.take("-"), let day = scanner.number(2...2), scanner.take(" "), let hour = scanner.number(2...2),
            scanner.take(":"), let minute = scanner.number(2...2), scanner.take(":"),
            let second = scanner.number(2...2),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var microseconds = 0
        if scanner.take(".") {
            let start = scanner.position
            guard let fraction = scanner.number(1...6) else { return nil }
            microseconds = (scanner.position - start..<6).reduce(fraction) { value, _ in value * 10 }
        }
        let isEast = scanner.take("+")
        guard isEast || scanner.take("-"), let offsetHours = scanner.number(2...2) else { return nil }
        var offset = offsetHours * 3600
        for unit in [60, 1] where scanner.take(":") {
            guard let part = scanner.number(2...2) else { return nil }
            offset += part * unit
        }
        guard scanner.isAtEnd else { return nil }
        let seconds = daysSince1970(year: year, month: month, day: day) * 86400 + hour * 3600 + minute * 60 + second
        return Date(timeIntervalSince1970: Double(seconds - (isEast ? offset : -offset)) + Double(microseconds) / 1e6)
    }

    /// Days since 1970-01-01 in the Gregorian calendar: years are counted from March, so that a leap day comes last.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Reads digits and marks from a short ASCII text, one after the other.
private struct DigitScanner {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var isAtEnd: Bool {
        position == bytes.count
    }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    mutating func number(_ digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while position < bytes.count, count < digits.upperBound, (0x30...0x39).contains(bytes[position]) {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
            count += 1
        }
        return digits.contains(count) ? value : nil
    }
}
