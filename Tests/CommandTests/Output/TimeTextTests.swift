import Testing

@testable import recyclicctl

@Suite struct TimeTextTests {
    @Test(
        "times of RFC 3339 in UTC are read, with and without a fraction",
        arguments: [
            ("1970-01-01T00:00:00Z", 0.0), ("2026-11-22T02:00:00Z", 1_795_312_800),
            ("2026-11-22T02:00:00.5Z", 1_795_312_800),
        ]
    )
    func read(text: String, seconds: Double) {
        #expect(TimeText.seconds(text) == seconds)
    }

    @Test(
        "what is no such time is refused",
        arguments: [
            "", "yesterday", "2026-11-22", "2026-13-01T00:00:00Z", "2026-11-22T02:00:00+01:00", "2026-11-2xT02:00:00Z",
        ]
    )
    func refuse(text: String) {
        #expect(TimeText.seconds(text) == nil)
    }

    @Test(
        "durations show their two largest units",
        arguments: [
            (0.0, "0.0 s"), (4.24, "4.2 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min"), (200, "3 min 20 s"),
            (11_520, "3 h 12 min"), (86_400, "1 day"), (1_051_200, "12 days 4 h"), (-1, "unknown"),
            (.infinity, "unknown"),
        ]
    )
    func duration(seconds: Double, text: String) {
        #expect(TimeText.duration(seconds) == text)
    }

    @Test("durations of which only whole seconds are known claim no tenths")
    func wholeSeconds() {
        let texts = [0, 1, 9, 10, 61].map(TimeText.wholeSeconds)
        #expect(texts == ["< 1 s", "1 s", "9 s", "10 s", "1 min 1 s"])
    }

    @Test("the past is ago, the future is in")
    func relative() {
        #expect(TimeText.relative("2026-11-22T02:00:00Z", now: 1_795_312_800 + 60) == "1 min ago")
        #expect(TimeText.relative("2026-11-22T02:00:00Z", now: 1_795_312_800 - 3_600) == "in 1 h")
        #expect(TimeText.relative("never", now: 0) == "never")
    }
}
