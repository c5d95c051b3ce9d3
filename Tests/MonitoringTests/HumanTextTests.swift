import FoundationEssentials
import Monitoring
import Testing

@Suite("Text that a person reads")
struct HumanTextTests {
    @Test(
        "durations show their two largest units",
        arguments: [
            (0, "0 s"), (-5, "0 s"), (0.04, "0 s"), (0.25, "0.3 s"), (1, "1 s"), (9.94, "9.9 s"), (9.96, "10 s"),
            (59.4, "59 s"), (59.6, "1 min"), (61, "1 min 1 s"), (3599.6, "1 h"), (3600, "1 h"), (11_520, "3 h 12 min"),
            (86_399, "23 h 59 min"), (86_400, "1 d"), (187_200, "2 d 4 h"), (.infinity, "unknown"), (.nan, "unknown"),
        ] as [(Double, String)]
    )
    func durations(seconds: Double, text: String) {
        #expect(HumanText.duration(seconds) == text)
    }

    @Test(
        "sizes have at most three digits before the unit",
        arguments: [
            (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (102_348, "99.9 KiB"),
            (102_400, "100 KiB"), (1_047_552, "1023 KiB"), (1_048_575, "1.0 MiB"), (1_048_576, "1.0 MiB"),
            (5 << 30, "5.0 GiB"), (118 << 30, "118 GiB"), (-2048, "-2.0 KiB"), (Int64.max, "8.0 EiB"),
            (Int64.min, "-8.0 EiB"),
        ] as [(Int64, String)]
    )
    func sizes(bytes: Int64, text: String) {
        #expect(HumanText.size(bytes) == text)
    }

    @Test("times carry their zone")
    func times() {
        let time = Date(timeIntervalSince1970: 1_795_000_000)
        #expect(HumanText.time(time) == "2026-11-18 11:06 UTC")
        #expect(HumanText.time(time, secondsFromUTC: 3600) == "2026-11-18 12:06 +01:00")
        #expect(HumanText.time(time, secondsFromUTC: -43_200 - 1800) == "2026-11-17 22:36 -12:30")
        #expect(HumanText.time(Date(timeIntervalSince1970: -1)) == "1969-12-31 23:59 UTC")
        #expect(HumanText.time(Date(timeIntervalSince1970: 951_782_400)) == "2000-02-29 00:00 UTC")
    }

    @Test("numbers of things and rates")
    func counts() {
        #expect(HumanText.count(1, "backup") == "1 backup")
        #expect(HumanText.count(0, "backup") == "0 backups")
        #expect(HumanText.count(2, "copy", plural: "copies") == "2 copies")
        #expect(HumanText.rate(bytesPerSecond: 1_572_864) == "1.5 MiB/s")
        #expect(HumanText.rate(bytesPerSecond: .nan) == "unknown")
    }
}
