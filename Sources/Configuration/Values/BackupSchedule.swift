/// When a job runs, as the operator wrote it; times are local to `BACKUP_TIMEZONE`.
///
/// The grammar, in which words may be written in any case and apart by any white space:
/// `off` · `hourly` · `every Nh` (N divides 24: 1, 2, 3, 4, 6, 8 or 12) · `daily HH:MM` · `weekly DAY HH:MM`
/// (DAY is `MON` to `SUN`). This type only says what was asked for; the arithmetic of time zones and missed runs
/// belongs to the scheduler.
package enum BackupSchedule: Sendable, Hashable, CustomStringConvertible {
    /// Never by itself; only when asked.
    case off
    /// At these hours of the day, counted from midnight: every `hours` hours, on the hour. 1 is `hourly`.
    case everyHours(Int)
    /// Once a day.
    case daily(TimeOfDay)
    /// Once a week.
    case weekly(Weekday, TimeOfDay)

    /// What `init(_:)` accepts, in words for messages and documents.
    package static let grammar =
        #""daily HH:MM", "weekly DAY HH:MM" (MON to SUN), "hourly", "every Nh" (N = 2, 3, 4, 6, 8 or 12) or "off""#

    /// Reads the grammar; `nil` for anything else.
    package init?(_ text: String) {
        let words = text.uppercased().split(whereSeparator: \.isWhitespace).map(String.init)
        switch (words.first, words.count) {
        case ("OFF", 1): self = .off
        case ("HOURLY", 1): self = .everyHours(1)
        case ("DAILY", 2):
            guard let time = TimeOfDay(words[1]) else { return nil }
            self = .daily(time)
        case ("WEEKLY", 3):
            guard let day = Weekday(rawValue: words[1]), let time = TimeOfDay(words[2]) else { return nil }
            self = .weekly(day, time)
        case ("EVERY", 2):
            guard words[1].hasSuffix("H"), let hours = WholeNumber.parse(words[1].dropLast()),
                (1...12).contains(hours), 24 % hours == 0
            else { return nil }
            self = .everyHours(hours)
        default: return nil
        }
    }

    /// The canonical spelling, which `init(_:)` reads back.
    package var description: String {
        switch self {
        case .off: "off"
        case .everyHours(1): "hourly"
        case .everyHours(let hours): "every \(hours)h"
        case .daily(let time): "daily \(time)"
        case .weekly(let day, let time): "weekly \(day.rawValue) \(time)"
        }
    }
}
