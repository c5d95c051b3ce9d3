import Glibc
import Testing

@testable import recyclicctl

@Suite(.serialized)
struct TimeArgumentTests {
    /// 2026-11-22T12:00:00Z, a Sunday.
    private let now = 1_795_348_800.0

    /// Runs `body` in a zone.
    private func inZone(_ zone: String, _ body: () throws -> Void) rethrows {
        let before = getenv("TZ").map { String(cString: $0) }
        setenv("TZ", zone, 1)
        tzset()
        defer {
            if let before { setenv("TZ", before, 1) } else { unsetenv("TZ") }
            tzset()
        }
        try body()
    }

    @Test(
        arguments: [
            ("2026-11-22T12:00:00Z", 0), ("2026-11-22t13:00:00+01:00", 0), ("2026-11-22T07:00:00.25-0500", 0),
            ("2026-11-22 13:00", 0), ("2026-11-22", -13 * 3_600), ("today", -13 * 3_600),
            ("yesterday", -37 * 3_600), ("now", 0), ("2 hours ago", -7_200), ("90min", -5_400), ("7d", -604_800),
            ("1 day 2 h ago", -93_600), ("1h30m", -5_400), ("2 weeks ago", -1_209_600), (" 30 S ago ", -30),
        ] as [(String, Double)]
    )
    func `times are read in the machine's zone where they name none`(text: String, seconds: Double) {
        inZone("Europe/Paris") { #expect(TimeArgument.seconds(text, now: now) == now + seconds) }
    }

    @Test(
        arguments: [
            "", "soon", "2026", "2026-11", "2026-02-30", "2026-13-01", "2026-11-22T25:00:00Z", "2026-11-22T12", "ago",
            "2 fortnights ago", "-2 h", "2026-11-22Z", "2026-11-22 12:00 CET", "1e9 d", "99999999999 s", "9999999 w",
            "2026-11-22T12:00:00+1", "7", "٧d",
        ]
    )
    func `what is no time is refused, and what is accepted is said`(text: String) throws {
        #expect(TimeArgument.seconds(text, now: now) == nil)
        let error = #expect(throws: (any Error).self) {
            _ = try TimeArgument(text, option: "--since", now: now)
        }
        #expect("\(error as Any)".contains("--since takes a time such as 2026-11-22"), "\(error as Any)")
    }

    @Test
    func `a time goes to the daemon in UTC`() throws {
        try inZone("America/New_York") {
            let time = try TimeArgument("2026-07-01", option: "--since", now: now)
            #expect(time.text == "2026-07-01T04:00:00Z")
        }
    }
}
