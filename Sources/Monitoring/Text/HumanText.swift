package import FoundationEssentials

/// Durations, sizes and times as a person reads them; the same words in the daemon's messages and on the terminal.
package enum HumanText {
    /// A length of time with its two largest units: `45 s`, `3 h 12 min`, `2 d 4 h`; below ten seconds with a tenth.
    ///
    /// - Parameter seconds: The length; a negative one counts as 0.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "unknown" }
        if seconds < 9.95 {
            let tenths = Int((max(seconds, 0) * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
        }
        // Beyond 30 000 years the digits mean nothing, and Int has an end.
        let whole = Int(min(seconds, 1e12).rounded())
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return pair(whole / 60, "min", whole % 60, "s")
        case ..<86_400: return pair(whole / 3600, "h", whole % 3600 / 60, "min")
        default: return pair(whole / 86_400, "d", whole % 86_400 / 3600, "h")
        }
    }

    /// A size: `512 B`, `3.4 MiB`, `118 GiB`; three digits at most, one of them behind the point.
    ///
    /// - Parameter bytes: The size; a negative one keeps its sign.
    package static func size(_ bytes: Int64) -> String {
        let sign = bytes < 0 ? "-" : ""
        let magnitude = bytes.magnitude
        guard magnitude >= 1024 else { return "\(sign)\(magnitude) B" }
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var value = Double(magnitude) / 1024
        var unit = 0
        // 1023.5 and more would be shown as 1024.
        while value >= 1023.5, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        guard value < 99.95 else { return "\(sign)\(Int(value.rounded())) \(units[unit])" }
        let tenths = Int((value * 10).rounded())
        return "\(sign)\(tenths / 10).\(tenths % 10) \(units[unit])"
    }

    /// A rate: a size per second.
    package static func rate(bytesPerSecond: Double) -> String {
        guard bytesPerSecond.isFinite else { return "unknown" }
        return size(Int64(min(max(bytesPerSecond, 0), 1e18))) + "/s"
    }

    /// A number of things: `1 backup`, `3 backups`.
    ///
    /// - Parameters:
    ///   - number: How many.
    ///   - singular: The word for one.
    ///   - plural: The word for any other number; by default the singular with an s.
    package static func count(_ number: Int, _ singular: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// A time: `2026-11-21 02:00 UTC`, or in a zone's own time with its distance, `2026-11-21 03:00 +01:00`.
    ///
    /// - Parameters:
    ///   - date: The time; seconds are cut off.
    ///   - secondsFromUTC: The distance of the zone's time from UTC at that time; 0 is shown as UTC.
    package static func time(_ date: Date, secondsFromUTC: Int = 0) -> String {
        let instant = Int(date.timeIntervalSince1970.rounded(.down)) + secondsFromUTC
        let days = (instant >= 0 ? instant : instant - 86_399) / 86_400
        let second = instant - days * 86_400
        let clock = "\(padded(second / 3600)):\(padded(second % 3600 / 60))"
        return "\(day(days)) \(clock) \(zone(secondsFromUTC))"
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static func zone(_ seconds: Int) -> String {
        guard seconds != 0 else { return "UTC" }
        let magnitude = abs(seconds)
        return "\(seconds < 0 ? "-" : "+")\(padded(magnitude / 3600)):\(padded(magnitude % 3600 / 60))"
    }

    /// The proleptic Gregorian date of a day counted from 1970-01-01.
    ///
    /// Years are counted from March, so that the leap day is a year's last; 719 468 days lie between 0000-03-01 and
    /// 1970-01-01, 146 097 days make 400 years, and 153 days make five months from March on.
    private static func day(_ days: Int) -> String {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(year)-\(padded(month))-\(padded(day))"
    }
}
