package import Foundation

/// When something is to happen by itself.
///
/// Rules that name a time of day follow the clock on the wall. On a day on which the clock never shows the time, the run
/// is at the instant the clock is set forward; on a day on which it shows it twice, at the first of them. So there is
/// exactly one run on each day the zone has (Samoa had no 2011-12-30).
package enum ScheduleRule: Sendable, Hashable {
    /// Never.
    case off
    /// Once a day.
    case daily(TimeOfDay)
    /// Once a week. A week whose day the zone left out has its run at the beginning of the day after.
    case weekly(Weekday, TimeOfDay)
    /// Whenever the clock on the wall shows this minute, 0 to 59: also in an hour that comes twice. Where a zone changes
    /// its clock by half an hour, a minute may come twice or not at all once.
    case hourly(minute: Int)
    /// Each day at 00:00 and every so many hours after it, 1 to 24. Where 24 is no multiple, the day's last interval is
    /// shorter. 1 is the same as `hourly(minute: 0)`.
    case everyHours(Int)
    /// At each multiple of so many minutes since 1970-01-01 00:00 UTC, 1 to 1440, whatever the clock on the wall shows.
    case everyMinutes(Int)

    /// The first time after a given one; `nil` for `off`.
    package func nextRun(after date: Date, in timeZone: TimeZone) -> Date? {
        // Times are whole seconds, so what lies after the date lies after the second it is in.
        let second = Self.second(date)
        let clock = LocalClock(timeZone: timeZone)
        for window in windows(around: second, clock, forward: true) {
            if let found = times(in: window, clock).first(where: { $0 > second }) { return Self.date(found) }
        }
        return nil
    }

    /// The last time at or before a given one; `nil` for `off`.
    package func lastRun(atOrBefore date: Date, in timeZone: TimeZone) -> Date? {
        let second = Self.second(date)
        let clock = LocalClock(timeZone: timeZone)
        for window in windows(around: second, clock, forward: false) {
            if let found = times(in: window, clock).last(where: { $0 <= second }) { return Self.date(found) }
        }
        return nil
    }

    /// All times after one date and not after another, in order.
    package func runs(after start: Date, through end: Date, in timeZone: TimeZone) -> [Date] {
        var runs: [Date] = []
        var position = start
        while let next = nextRun(after: position, in: timeZone), next <= end {
            runs.append(next)
            position = next
        }
        return runs
    }

    /// The shortest time between two runs, in seconds, clock changes aside; `nil` for `off`.
    package var shortestInterval: Int? {
        switch self {
        case .off: return nil
        case .daily: return 86_400
        case .weekly: return 7 * 86_400
        case .hourly: return 3600
        case .everyHours(let hours):
            let hours = Self.clamped(hours, 1...24)
            let remainder = 24 % hours
            return (remainder == 0 ? hours : remainder) * 3600
        case .everyMinutes(let minutes): return Self.clamped(minutes, 1...1440) * 60
        }
    }
}

extension ScheduleRule {
    /// Local days to look at, in groups, nearest first; more than enough of them that one holds a run.
    private func windows(around second: Int, _ clock: LocalClock, forward: Bool) -> [ClosedRange<Int>] {
        let today = clock.day(at: second).number
        switch self {
        case .off:
            return []
        case .weekly:
            return [forward ? (today - 1)...(today + 9) : (today - 9)...(today + 1)]
        case .daily, .hourly, .everyHours, .everyMinutes:
            // A day may be missing and a clock may be set back over midnight: look two days around first.
            return [(today - 1)...(today + 1), forward ? (today + 1)...(today + 4) : (today - 4)...(today - 1)]
        }
    }

    /// The instants of the rule on some local days, in order.
    private func times(in days: ClosedRange<Int>, _ clock: LocalClock) -> [Int] {
        switch self {
        case .off:
            return []
        case .daily(let time):
            return days.map(CivilDay.init(number:)).filter(clock.shows).map { day in
                clock.firstInstant(showing: day.localSeconds + time.seconds)
            }
        case .weekly(let weekday, let time):
            return days.map(CivilDay.init(number:)).filter { $0.weekday == weekday }.map { day in
                clock.firstInstant(showing: day.localSeconds + time.seconds)
            }
        case .everyHours(let hours) where hours > 1:
            let hours = Self.clamped(hours, 1...24)
            let instants = days.map(CivilDay.init(number:)).flatMap { day in
                Swift.stride(from: 0, to: 24, by: hours).map { hour in
                    clock.firstInstant(showing: day.localSeconds + hour * 3600)
                }
            }
            // Times that the clock skipped fall together on the instant at which it was set.
            return Array(Set(instants)).sorted()
        case .everyHours:
            return Self.times(ofMinute: 0, in: days, clock)
        case .hourly(let minute):
            return Self.times(ofMinute: Self.clamped(minute, 0...59), in: days, clock)
        case .everyMinutes(let minutes):
            let step = Self.clamped(minutes, 1...1440) * 60
            let (start, end) = Self.instants(of: days, clock)
            return Array(Swift.stride(from: (CivilDay.floorDivide(start, step) + 1) * step, to: end, by: step))
        }
    }

    private static func times(ofMinute minute: Int, in days: ClosedRange<Int>, _ clock: LocalClock) -> [Int] {
        let (start, end) = instants(of: days, clock)
        return clock.segments(from: start, to: end).flatMap { segment in
            let first = CivilDay.modulo(minute * 60 - (segment.start + segment.offset), 3600) + segment.start
            return Swift.stride(from: first, to: segment.end, by: 3600)
        }
    }

    private static func instants(of days: ClosedRange<Int>, _ clock: LocalClock) -> (start: Int, end: Int) {
        let start = clock.firstInstant(showing: CivilDay(number: days.lowerBound).localSeconds)
        return (start, clock.firstInstant(showing: CivilDay(number: days.upperBound + 1).localSeconds))
    }

    private static func clamped(_ number: Int, _ range: ClosedRange<Int>) -> Int {
        min(max(number, range.lowerBound), range.upperBound)
    }

    private static func second(_ date: Date) -> Int {
        Int(date.timeIntervalSince1970.rounded(.down))
    }

    private static func date(_ second: Int) -> Date {
        Date(timeIntervalSince1970: Double(second))
    }
}
