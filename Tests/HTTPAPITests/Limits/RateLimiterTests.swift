import HTTPAPI
import Testing

@Suite("Rate limiting")
struct RateLimiterTests {
    private static func ask<Client>(_ limiter: inout RateLimiter<Client>, _ client: Client, at time: Duration) -> Bool {
        limiter.admits(client, at: time)
    }

    /// How many of 150 requests at one moment are let through.
    private static func count(_ limiter: inout RateLimiter<String>, at time: Duration) -> Int {
        var count = 0
        for _ in 0..<150 where limiter.admits("a", at: time) { count += 1 }
        return count
    }

    @Test("a client may ask a hundred times at once, then a hundred times a second")
    func rate() {
        var limiter = RateLimiter<String>(rate: 100, burst: 100, capacity: 10)
        #expect(Self.count(&limiter, at: .zero) == 100)
        #expect(!Self.ask(&limiter, "a", at: .milliseconds(9)))
        #expect(Self.ask(&limiter, "a", at: .milliseconds(10)))
        #expect(!Self.ask(&limiter, "a", at: .milliseconds(11)))
        #expect(Self.count(&limiter, at: .milliseconds(511)) == 50)
        #expect(Self.count(&limiter, at: .seconds(60)) == 100)
    }

    @Test("clients don't get in each other's way")
    func clients() {
        var limiter = RateLimiter<String>(rate: 1, burst: 1, capacity: 10)
        let admitted = ["a", "b", "a", "b"].map { limiter.admits($0, at: .zero) }
        #expect(admitted == [true, true, false, false])
    }

    @Test("however many clients there are, few are remembered, and one who asks on is not forgotten for others")
    func bounded() {
        var limiter = RateLimiter<Int>(rate: 10, burst: 10, capacity: 20)
        for _ in 0..<10 { #expect(Self.ask(&limiter, -1, at: .zero)) }
        for client in 0..<1000 {
            #expect(Self.ask(&limiter, client, at: .zero))
            #expect(limiter.count <= 20)
            #expect(!Self.ask(&limiter, -1, at: .zero))
        }
    }

    @Test("in no stretch of time more are let through than burst and rate allow, whenever they come")
    func property() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let (rate, burst) = (Int.random(in: 1...20, using: &generator), Int.random(in: 1...20, using: &generator))
            var limiter = RateLimiter<Int>(rate: Double(rate), burst: Double(burst), capacity: 3)
            var time = 0
            var admitted: [Int] = []
            for _ in 0..<300 {
                time += Int.random(in: 0...200, using: &generator)
                if limiter.admits(0, at: .milliseconds(time)) { admitted.append(time) }
            }
            for first in admitted.indices {
                for last in first..<admitted.endIndex {
                    let allowed = Double(burst) + Double(rate * (admitted[last] - admitted[first])) / 1000
                    #expect(Double(last - first + 1) <= allowed + 1e-6)
                }
            }
        }
    }
}
