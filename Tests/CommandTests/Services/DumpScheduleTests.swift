import Configuration
import Foundation
import Protection
import TestSupport
import Testing

@testable import recyclicd

/// When base backups and dumps run by themselves.
@Suite
struct DumpScheduleTests {
    private static let sunday = ScheduleRule.weekly(.sunday, time(3, 0))

    private static func time(_ hour: Int, _ minute: Int) -> Protection.TimeOfDay {
        guard let time = Protection.TimeOfDay(hour: hour, minute: minute) else {
            preconditionFailure("\(hour):\(minute) is a time of day")
        }
        return time
    }

    private static func settings(_ lines: [String]) throws -> Settings {
        let folder = try TemporaryDirectory()
        let file = folder.path("recyclicd.env")
        try Data((["BACKUP_TIMEZONE=UTC"] + lines).map { "\($0)\n" }.joined().utf8).write(
            to: URL(fileURLWithPath: file)
        )
        return try #require(
            ConfigurationLoader.load(file: file, environment: ["STATE_DIRECTORY": folder.path]).settings
        )
    }

    @Test(
        arguments: [
            ([], .daily(time(2, 0)), sunday, .daily(time(2, 0))),
            (["BACKUP_SCHEDULE=hourly"], .hourly(minute: 0), sunday, .hourly(minute: 0)),
            (["DUMP_SCHEDULE=\"daily 04:30\""], .daily(time(2, 0)), .daily(time(4, 30)), .daily(time(4, 30))),
            (["DUMP_SCHEDULE=off"], .daily(time(2, 0)), .off, .off),
            (["BACKUP_SCHEDULE=off"], .off, sunday, .off),
        ] as [([String], ScheduleRule, ScheduleRule, ScheduleRule)]
    )
    func `dumps run weekly beside base backups, and in their place where they protect, unless told otherwise`(
        lines: [String],
        base: ScheduleRule,
        beside: ScheduleRule,
        alone: ScheduleRule
    ) throws {
        let settings = try Self.settings(lines)
        #expect(settings.baseRule(.base) == base && settings.dumpRule(.base) == beside)
        #expect(settings.baseRule(.dump) == .off && settings.dumpRule(.dump) == alone)
    }
}
