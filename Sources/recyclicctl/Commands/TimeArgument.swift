import ArgumentParser
import Glibc

/// A time as an operator gives it: RFC 3339, a day or a time of this machine's zone, or how long ago.
struct TimeArgument {
    /// What is accepted, for help and errors.
    static let accepted =
        "a time such as 2026-11-22, \"2026-11-22 14:30\", 2026-11-22T14:30:00Z, \"2 hours ago\", 7d or yesterday"

    /// Seconds since 1970.
    let seconds: Double

    /// The time as it travels to the daemon.
    var text: String { TimeText.rfc3339(seconds) }

    /// Reads an option's value.
    ///
    /// - Parameters:
    ///   - text: What was given.
    ///   - option: The option's name, for the error.
    ///   - now: The time.
    /// - Throws: `ValidationError` that says what is accepted.
    init(_ text: String, option: String, now: Double) throws {
        guard let seconds = Self.seconds(text, now: now) else {
            throw ValidationError("\(option) takes \(Self.accepted), not '\(text)'")
        }
        self.seconds = seconds
    }

    /// Seconds since 1970 of a time; `nil` when it is none.
    static func seconds(_ text: String, now: Double) -> Double? {
        let text = text.trimmed.lowercased()
        return word(text, now: now) ?? ago(text, now: now) ?? calendar(text)
    }

    // MARK: - Words and amounts

    private static func word(_ text: String, now: Double) -> Double? {
        switch text {
        case "now": now
        case "today": midnight(daysAgo: 0, now: now)
        case "yesterday": midnight(daysAgo: 1, now: now)
        default: nil
        }
    }

    private static func midnight(daysAgo days: Int32, now: Double) -> Double? {
        var time = time_t(now)
        var parts = tm()
        guard localtime_r(&time, &parts) != nil else { return nil }
        (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (0, 0, 0, -1)
        parts.tm_mday -= days
        return Double(mktime(&parts))
    }

    /// `2 hours ago`, `2 hours`, `7d`, `1h30min`.
    private static func ago(_ text: String, now: Double) -> Double? {
        var rest = text[...]
        if rest.hasSuffix(" ago") { rest = rest.dropLast(4) }
        var total = 0.0
        var isEmpty = true
        while true {
            rest = rest.drop { $0 == " " }
            guard !rest.isEmpty else { break }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Double(digits), digits.count <= 9 else { return nil }
            rest = rest.dropFirst(digits.count).drop { $0 == " " }
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            guard let seconds = unitSeconds(String(unit)) else { return nil }
            rest = rest.dropFirst(unit.count)
            total += number * seconds
            isEmpty = false
        }
        return isEmpty || total > now ? nil : now - total
    }

    private static func unitSeconds(_ unit: String) -> Double? {
        switch unit {
        case "s", "sec", "second", "seconds": 1
        case "m", "min", "minute", "minutes": 60
        case "h", "hour", "hours": 3_600
        case "d", "day", "days": 86_400
        case "w", "week", "weeks": 7 * 86_400
        default: nil
        }
    }

    // MARK: - Dates

    /// `2026-11-22`, with a time of day behind `T` or a space, with a zone behind that; without one in this machine's.
    private static func calendar(_ text: String) -> Double? {
        var rest = Array(text.utf8)[...]
        func takes(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }
        func number(_ digits: Int, _ range: ClosedRange<Int32>) -> Int32? {
            let text = rest.prefix(digits)
            guard text.count == digits, text.allSatisfy({ (48...57).contains($0) }) else { return nil }
            rest.removeFirst(digits)
            let value = text.reduce(0) { $0 * 10 + Int32($1 - 48) }
            return range.contains(value) ? value : nil
        }
        var parts = tm()
        guard let year = number(4, 1970...9999), takes("-"), let month = number(2, 1...12), takes("-"),
            let day = number(2, 1...31)
        else { return nil }
        (parts.tm_year, parts.tm_mon, parts.tm_mday, parts.tm_isdst) = (year - 1_900, month - 1, day, -1)
        // Made normal, a day that does not exist is another one: the 30th of February is the 2nd of March.
        var midnight = parts
        _ = timegm(&midnight)
        guard midnight.tm_mday == day else { return nil }
        if !rest.isEmpty {
            guard takes("t") || takes(" "), let hour = number(2, 0...23), takes(":"), let minute = number(2, 0...59)
            else { return nil }
            (parts.tm_hour, parts.tm_min) = (hour, minute)
            if takes(":") {
                guard let second = number(2, 0...60) else { return nil }
                parts.tm_sec = second
                // Nothing of ours is finer than a second.
                if takes(".") { rest = rest.drop { (48...57).contains($0) } }
            }
        }
        guard !rest.isEmpty else { return Double(mktime(&parts)) }
        let time = timegm(&parts)
        if takes("z") { return rest.isEmpty ? Double(time) : nil }
        let isAhead = takes("+")
        guard isAhead || takes("-"), let hours = number(2, 0...23), takes(":") || !rest.isEmpty,
            let minutes = number(2, 0...59), rest.isEmpty
        else { return nil }
        let offset = Double(hours * 3_600 + minutes * 60)
        return Double(time) + (isAhead ? -offset : offset)
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
