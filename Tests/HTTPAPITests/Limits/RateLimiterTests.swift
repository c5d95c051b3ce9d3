import HTTPAPI
import TestSupport
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

    @Test("a client may ask a hundred times in any second, all at once or evenly")
    func rate() {
        var limiter = RateLimiter<String>(limit: 100, capacity: 10)
        #expect(Self.count(&limiter, at: .zero) == 100)
        #expect(!Self.ask(&limiter, "a", at: .milliseconds(999)))
        #expect(Self.count(&limiter, at: .seconds(1)) == 100)
        #expect(Self.count(&limiter, at: .seconds(60)) == 100)
        // 150 spread over a second: the last third is too many.
        let even = (0..<150).map { limiter.admits("b", at: .seconds(100) + .milliseconds($0 * 6)) }
        #expect(even == (0..<150).map { $0 < 100 })
        #expect(Self.ask(&limiter, "b", at: .milliseconds(101_000)))
        #expect(!Self.ask(&limiter, "b", at: .milliseconds(101_001)))
        #expect(Self.ask(&limiter, "b", at: .milliseconds(101_006)))
    }

    @Test("clients don't get in each other's way")
    func clients() {
        var limiter = RateLimiter<String>(limit: 1, capacity: 10)
        let admitted = ["a", "b", "a", "b"].map { limiter.admits($0, at: .zero) }
        #expect(admitted == [true, true, false, false])
    }

    @Test("however many clients there are, few are remembered, and one who asks on is not forgotten for others")
    func bounded() {
        var limiter = RateLimiter<Int>(limit: 10, capacity: 20)
        for _ in 0..<10 { #expect(Self.ask(&limiter, -1, at: .zero)) }
        for client in 0..<1000 {
            #expect(Self.ask(&limiter, client, at: .zero))
            #expect(limiter.count <= 20)
            #expect(!Self.ask(&limiter, -1, at: .zero))
        }
    }

    @Test(
        "in no second more are let through than the limit, and none is refused before, whenever they come",
        arguments: UInt64(1)...50
    )
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let limit = Int.random(in: 1...20, using: &random)
        var limiter = RateLimiter<Int>(limit: limit, capacity: 3)
        var time = 0
        var admitted: [Int] = []
        for _ in 0..<300 {
            time += Int.random(in: 0...200, using: &random)
            let inLastSecond = admitted.count { $0 > time - 1000 }
            let isAdmitted = limiter.admits(0, at: .milliseconds(time))
            #expect(isAdmitted == (inLastSecond < limit))
            if isAdmitted { admitted.append(time) }
        }
    }
}
