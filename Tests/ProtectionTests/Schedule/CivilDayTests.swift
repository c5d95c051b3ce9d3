import Foundation
import Testing

@testable import Protection

@Suite("Days of the calendar")
struct CivilDayTests {
    @Test(
        "ISO weeks belong to the year of their Thursday",
        arguments: [
            ("2024-12-29T12:00", "2024-W52"), ("2024-12-30T12:00", "2025-W01"), ("2026-12-31T12:00", "2026-W53"),
            ("2027-01-03T12:00", "2026-W53"), ("2027-01-04T12:00", "2027-W01"), ("2023-01-01T12:00", "2022-W52"),
            ("2026-11-22T12:00", "2026-W47"), ("2028-02-29T12:00", "2028-W09"),
        ]
    )
    func weeks(time: String, week: String) throws {
        #expect(CivilDay(localSeconds: Int(try utc(time).timeIntervalSince1970)).weekText == week)
    }

    @Test("dates, weekdays and weeks agree with Foundation's calendar over two centuries")
    func agreesWithFoundation() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try zone("UTC")
        for number in stride(from: -30_000, to: 45_000, by: 37) {
            let day = CivilDay(number: number)
            let date = Date(timeIntervalSince1970: Double(number) * 86_400 + 5)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday, .weekOfYear, .yearForWeekOfYear],
                from: date
            )
            #expect(day.date.year == parts.year && day.date.month == parts.month && day.date.day == parts.day)
            // Foundation counts from Sunday, 1.
            #expect(Weekday.allCases.firstIndex(of: day.weekday) == ((parts.weekday ?? 0) + 5) % 7)
            let week = "\(parts.yearForWeekOfYear ?? 0)-W\(String(format: "%02d", parts.weekOfYear ?? 0))"
            #expect(day.weekText == week)
        }
    }
}
