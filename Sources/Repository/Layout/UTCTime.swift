package import FoundationEssentials
import Glibc

/// A moment in whole seconds, in the two spellings that a repository uses.
package struct UTCTime: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z; years 0000 to 9999.
    package let secondsSinceEpoch: Int64

    /// - Parameter secondsSinceEpoch: Seconds since 1970-01-01T00:00:00Z.
    package init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// The whole second that `date` lies in.
    package init(_ date: Date) {
        secondsSinceEpoch = Int64(date.timeIntervalSince1970.rounded(.down))
    }

    /// The system clock's second.
    package static var now: UTCTime {
        UTCTime(secondsSinceEpoch: Int64(time(nil)))
    }

    /// The moment as Foundation has it.
    package var date: Date {
        Date(timeIntervalSince1970: Double(secondsSinceEpoch))
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// This moment and `seconds` more.
    package func adding(seconds: Int64) -> UTCTime {
        UTCTime(secondsSinceEpoch: secondsSinceEpoch + seconds)
    }

    /// `20261122T020000Z`, as in names.
    package var stamp: String {
        let parts = fields
        return "\(padded(parts[0], 4))\(padded(parts[1], 2))\(padded(parts[2], 2))T"
            + "\(padded(parts[3], 2))\(padded(parts[4], 2))\(padded(parts[5], 2))Z"
    }

    /// `2026-11-22T02:00:00Z`, as in JSON (RFC 3339).
    package var rfc3339: String {
        let parts = fields
        return "\(padded(parts[0], 4))-\(padded(parts[1], 2))-\(padded(parts[2], 2))T"
            + "\(padded(parts[3], 2)):\(padded(parts[4], 2)):\(padded(parts[5], 2))Z"
    }

    /// Reads `20261122T020000Z`; `nil` for anything else, an impossible day included.
    package init?(stamp: some StringProtocol) {
        self.init(Array(stamp.utf8), pattern: Array("########T######Z".utf8))
    }

    /// Reads `2026-11-22T02:00:00Z`; `nil` for anything else: only the form that is written is accepted.
    package init?(rfc3339: some StringProtocol) {
        self.init(Array(rfc3339.utf8), pattern: Array("####-##-##T##:##:##Z".utf8))
    }

    private init?(_ text: [UInt8], pattern: [UInt8]) {
        guard text.count == pattern.count else { return nil }
        var digits: [Int64] = []
        for (byte, expected) in zip(text, pattern) {
            if expected == UInt8(ascii: "#") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                digits.append(Int64(byte - UInt8(ascii: "0")))
            } else if byte != expected {
                return nil
            }
        }
        func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + $1 } }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard hour < 24, minute < 60, second < 60 else { return nil }
        self.init(
            secondsSinceEpoch: days(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60 + second
        )
        // A day or month that does not exist (February 30) lands on another date.
        guard Array(fields.prefix(3)) == [year, month, day] else { return nil }
    }

    /// Year, month, day, hour, minute, second.
    private var fields: [Int64] {
        let day = secondsSinceEpoch.flooredQuotient(86_400)
        let second = secondsSinceEpoch - day * 86_400
        // Days from 0000-03-01, in eras of 400 years: leap days then come last in their year.
        let shifted = day + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return [year, month, dayOfMonth, second / 3_600, second / 60 % 60, second % 60]
    }
}

extension UTCTime: Codable {
    /// Reads an RFC 3339 time in UTC.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = UTCTime(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no RFC 3339 time")
        }
        self = time
    }

    /// Writes an RFC 3339 time in UTC.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Days from 1970-01-01 to a day of the Gregorian calendar.
private func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = marchYear.flooredQuotient(400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

extension Int64 {
    /// The quotient rounded towards minus infinity.
    fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
