/// A day of the calendar, in no zone: days counted from 1970-01-01, proleptic Gregorian.
struct CivilDay: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    let number: Int

    init(number: Int) {
        self.number = number
    }

    /// The day on which a local time lies.
    ///
    /// - Parameter localSeconds: Seconds since 1970-01-01 00:00 as the clock on the wall counts them.
    init(localSeconds: Int) {
        number = Self.floorDivide(localSeconds, 86_400)
    }

    /// The local second at which the day begins.
    var localSeconds: Int { number * 86_400 }

    /// The day of the week.
    var weekday: Weekday {
        // 1970-01-01 was a Thursday, the fourth day from Monday.
        Weekday.allCases[Self.modulo(number + 3, 7)]
    }

    /// The year, the month (1 to 12) and the day (1 to 31).
    ///
    /// Years are counted from March, so that the leap day is a year's last. 719 468 days lie between 0000-03-01 and
    /// 1970-01-01; 400 years have 146 097 days; any five months from March on have 153.
    var date: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// `2026-11-21`.
    var text: String {
        let (_, _, day) = date
        return "\(monthText)-\(Self.padded(day))"
    }

    /// `2026-11`.
    var monthText: String {
        let (year, month, _) = date
        return "\(year)-\(Self.padded(month))"
    }

    /// `2026-W47`: the ISO 8601 week. It begins on Monday and belongs to the year of its Thursday.
    var weekText: String {
        let thursday = CivilDay(number: number - Self.modulo(number + 3, 7) + 3)
        return "\(thursday.date.year)-W\(Self.padded(thursday.dayOfYear / 7 + 1))"
    }

    static func < (left: CivilDay, right: CivilDay) -> Bool { left.number < right.number }

    /// Days since January 1 of the same year.
    private var dayOfYear: Int {
        let (year, month, day) = date
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return before[month - 1] + day - 1 + (isLeap && month > 2 ? 1 : 0)
    }

    static func floorDivide(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
    }

    static func modulo(_ number: Int, _ divisor: Int) -> Int {
        number - floorDivide(number, divisor) * divisor
    }

    private static func padded(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
