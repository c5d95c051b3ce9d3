import FoundationEssentials
import Monitoring
import State
import Testing

@Suite("Space forecast")
struct SpaceForecastTests {
    // Midnight, so that days of samples are days.
    private let now = Date(timeIntervalSince1970: 1_795_046_400)

    /// A sample an hour, as many days long as there are values: each day begins with its value.
    private func samples(_ freeByDay: [Int64]) -> [HistorySample] {
        let begin = now - Double(freeByDay.count) * 86_400
        return freeByDay.enumerated().flatMap { day, free in
            (0..<24).map { hour in
                HistorySample(
                    time: begin + Double(day * 24 + hour) * 3600,
                    health: "ok",
                    freeBytes: free,
                    isDatabaseReachable: true
                )
            }
        }
    }

    @Test("a steady loss is carried on")
    func steady() throws {
        let seconds = try #require(
            SpaceForecast.secondsUntilFull(samples: samples([1000, 900, 800, 700, 600]), freeBytes: 500, now: now)
        )
        #expect(abs(seconds / 86_400 - 5) < 0.1)
    }

    @Test(
        "where nothing is lost, or too little is known, there is no telling",
        arguments: [[500, 500, 500, 500, 500], [100, 200, 300, 400], [900, 500, 400], []] as [[Int64]]
    )
    func none(free: [Int64]) {
        #expect(SpaceForecast.secondsUntilFull(samples: samples(free), freeBytes: 500, now: now) == nil)
    }

    @Test("the first backup is no trend")
    func firstBackup() {
        let free: [Int64] = [100_000, 20_000, 20_000, 20_000, 20_000, 20_000]
        #expect(SpaceForecast.secondsUntilFull(samples: samples(free), freeBytes: 20_000, now: now) == nil)
    }

    @Test("samples of a clock that was wrong count for nothing")
    func future() {
        var all = samples([500, 500, 500, 500, 500])
        for index in 0..<5 {
            all.append(
                HistorySample(
                    time: now + Double(index + 1) * 86_400,
                    health: "ok",
                    freeBytes: Int64(400 - 80 * index),
                    isDatabaseReachable: true
                )
            )
        }
        #expect(SpaceForecast.secondsUntilFull(samples: all, freeBytes: 500, now: now) == nil)
    }
}
