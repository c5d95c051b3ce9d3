import Foundation
import Testing

@testable import Repository

@Suite struct UTCTimeTests {
    @Test(arguments: [
        (0, "19700101T000000Z", "1970-01-01T00:00:00Z"),
        (951_782_400, "20000229T000000Z", "2000-02-29T00:00:00Z"),
        (1_795_312_800, "20261122T020000Z", "2026-11-22T02:00:00Z"),
        (4_107_542_399, "21000228T235959Z", "2100-02-28T23:59:59Z"),
        (-1, "19691231T235959Z", "1969-12-31T23:59:59Z"),
    ])
    func spellings(seconds: Int64, stamp: String, text: String) {
        let time = UTCTime(secondsSinceEpoch: seconds)
        #expect(time.stamp == stamp)
        #expect(UTCTime(stamp: stamp) == time)
        #expect(UTCTime(rfc3339: time.rfc3339) == time)
        #expect(time.rfc3339 == text)
    }

    @Test func everyDayAgreesWithFoundation() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for day in stride(from: -20_000, to: 60_000, by: 37) {
            let time = UTCTime(secondsSinceEpoch: Int64(day) * 86_400 + 3_661)
            let parts = calendar.dateComponents([.year, .month, .day], from: time.date)
            let expected = String(format: "%04d%02d%02dT010101Z", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            #expect(time.stamp == expected)
            #expect(UTCTime(stamp: expected) == time)
        }
    }

    @Test(arguments: [
        "", "20261122T020000", "20261322T020000Z", "20260230T000000Z", "20261122T240000Z", "20261122T006000Z",
        "2026-11-22T02:00:00Z", "2026112aT020000Z", "20260231T000000Z", "20261100T000000Z",
    ])
    func othersAreRefused(text: String) {
        #expect(UTCTime(stamp: text) == nil)
    }

    @Test func onlyUTCWithSecondsIsRead() {
        #expect(UTCTime(rfc3339: "2026-11-22T02:00:00+01:00") == nil)
        #expect(UTCTime(rfc3339: "2026-11-22 02:00:00Z") == nil)
    }
}
