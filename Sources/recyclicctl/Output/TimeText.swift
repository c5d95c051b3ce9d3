import Glibc

/// Times and durations as a person reads them; times come in as RFC 3339 in UTC, as the daemon sends them.
enum TimeText {
    /// Seconds since 1970 of a time such as `2026-11-22T02:00:00Z` or with a fraction; `nil` when it is not one.
    static func seconds(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard
            let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var parts = tm()
        parts.tm_year = Int32(year - 1_900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        parts.tm_sec = Int32(second)
        return Double(timegm(&parts))
    }

    /// A time as it travels: `2026-11-22T02:00:00Z`, whole seconds.
    static func rfc3339(_ seconds: Double) -> String {
        var time = time_t(seconds.rounded(.down))
        var parts = tm()
        guard gmtime_r(&time, &parts) != nil else { return "" }
        return format(&parts, "%Y-%m-%dT%H:%M:%SZ")
    }

    /// A time in the machine's zone, such as `2026-11-22 03:00 CET`; the text as it came when it can't be read.
    static func local(_ text: String) -> String { local(text, "%Y-%m-%d %H:%M %Z") }

    /// The same with seconds: `2026-11-22 03:00:17 CET`.
    static func localToTheSecond(_ text: String) -> String { local(text, "%Y-%m-%d %H:%M:%S %Z") }

    private static func local(_ text: String, _ pattern: String) -> String {
        guard let seconds = seconds(text) else { return text }
        var time = time_t(seconds)
        var parts = tm()
        guard localtime_r(&time, &parts) != nil else { return text }
        return format(&parts, pattern)
    }

    private static func format(_ parts: inout tm, _ pattern: String) -> String {
        var buffer = [CChar](repeating: 0, count: 64)
        let length = strftime(&buffer, buffer.count, pattern, &parts)
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// How long ago (or ahead) a time is: `3 h 12 min ago`, `in 40 min`.
    static func relative(_ text: String, now: Double) -> String {
        guard let seconds = seconds(text) else { return text }
        let difference = now - seconds
        return difference >= 0 ? "\(duration(difference)) ago" : "in \(duration(-difference))"
    }

    /// A duration in its two largest units: `4.2 s`, `3 min 20 s`, `3 h 12 min`, `12 days 4 h`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "unknown" }
        if seconds < 9.95 { return "\(SizeText.fixed(seconds, decimals: 1)) s" }
        let whole = Int64(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3_600 { return join("\(whole / 60) min", whole % 60, "s") }
        if whole < 86_400 { return join("\(whole / 3_600) h", whole % 3_600 / 60, "min") }
        return join("\(whole / 86_400) day\(whole / 86_400 == 1 ? "" : "s")", whole % 86_400 / 3_600, "h")
    }

    /// How long something took of which only whole seconds are known, as of a backup: the times in its manifest have no more.
    static func wholeSeconds(_ seconds: Double) -> String {
        if seconds == 0 { return "< 1 s" }
        return seconds > 0 && seconds < 10 ? "\(SizeText.fixed(seconds, decimals: 0)) s" : duration(seconds)
    }

    private static func join(_ large: String, _ small: Int64, _ unit: String) -> String {
        small == 0 ? large : "\(large) \(small) \(unit)"
    }
}
