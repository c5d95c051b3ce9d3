import Alerting
import Monitoring
import Testing

@Suite("Dead-man ping")
struct DeadManPingTests {
    private let start = ContinuousClock.now

    /// Health, the figures' age in seconds, and what is said of it.
    static let states: [(HealthLevel, Double?, DeadManPing.Signal?)] = [
        (.ok, 0, .good),
        (.warning, 60, .good),
        (.critical, 0, .bad),
        (.ok, 300, .good),
        (.ok, 301, .bad),
        (.warning, .infinity, .bad),
        (.ok, nil, nil),
        (.critical, nil, nil),
    ]

    @Test("says that protection is good only by fresh figures that say so", arguments: states)
    func signal(level: HealthLevel, age: Double?, signal: DeadManPing.Signal?) {
        #expect(DeadManPing.signal(level: level, figuresAgeSeconds: age) == signal)
    }

    @Test("repeats itself every five minutes, and after one when the ping did not arrive")
    func rhythm() {
        var ping = DeadManPing()
        var said: [Int] = []
        for second in stride(from: 0, through: 1_200, by: 30) {
            let now = start.advanced(by: .seconds(second))
            guard ping.next(level: .ok, figuresAgeSeconds: 1, at: now) != nil else { continue }
            said.append(second)
            // The second one is lost.
            ping.arrived(said.count != 2)
        }
        #expect(said == [0, 300, 360, 660, 960])
    }

    @Test("says at once when protection breaks, when the figures grow old, and when all is well again")
    func changes() {
        var ping = DeadManPing()
        func next(_ level: HealthLevel, _ age: Double?, _ second: Int) -> DeadManPing.Signal? {
            let signal = ping.next(level: level, figuresAgeSeconds: age, at: start.advanced(by: .seconds(second)))
            if signal != nil { ping.arrived(true) }
            return signal
        }
        #expect(next(.ok, nil, 0) == nil)
        #expect(next(.ok, 0, 10) == .good)
        #expect(next(.warning, 0, 20) == nil)
        #expect(next(.critical, 0, 30) == .bad)
        #expect(next(.critical, 0, 60) == nil)
        #expect(next(.ok, 0, 90) == .good)
        #expect(next(.ok, 301, 120) == .bad)
        #expect(next(.critical, 361, 150) == nil)
    }

    @Test("counts an outcome that nobody reported as lost")
    func unreported() {
        var ping = DeadManPing()
        #expect(ping.next(level: .ok, figuresAgeSeconds: 0, at: start) == .good)
        #expect(ping.next(level: .ok, figuresAgeSeconds: 0, at: start.advanced(by: .seconds(59))) == nil)
        #expect(ping.next(level: .ok, figuresAgeSeconds: 0, at: start.advanced(by: .seconds(60))) == .good)
    }
}
