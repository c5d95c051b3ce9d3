/// Bounds how often each client may ask: a bucket of tokens for each, refilled evenly.
///
/// In any stretch of time a client is let through at most `burst + rate × seconds` times. Pure: time is given, as the time since
/// some start by a clock that nobody sets. At most `capacity` clients are remembered, however many there are; the one
/// whose bucket is fullest is forgotten first, which gives it at most what it lacked.
package struct RateLimiter<Client: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Duration
    }

    /// Requests a second.
    private let rate: Double
    /// Requests at once.
    private let burst: Double
    private let capacity: Int
    private var buckets: [Client: Bucket] = [:]

    /// - Parameters:
    ///   - rate: Requests a second, more than 0.
    ///   - burst: Requests at once, at least 1.
    ///   - capacity: Clients remembered, at least 1.
    package init(rate: Double, burst: Double, capacity: Int) {
        precondition(rate > 0 && burst >= 1 && capacity >= 1, "a limiter that lets nobody through")
        self.rate = rate
        self.burst = burst
        self.capacity = capacity
    }

    /// How many clients are remembered.
    package var count: Int { buckets.count }

    /// Whether this client may ask now; if so, that counts.
    package mutating func admits(_ client: Client, at now: Duration) -> Bool {
        if buckets[client] == nil { makeRoom(at: now) }
        var bucket = buckets[client] ?? Bucket(tokens: burst, at: now)
        bucket.tokens = tokens(in: bucket, at: now)
        bucket.at = max(now, bucket.at)
        // What was refilled in parts may lack a rounding error.
        let isAdmitted = bucket.tokens >= 1 - 1e-9
        if isAdmitted { bucket.tokens = max(0, bucket.tokens - 1) }
        buckets[client] = bucket
        return isAdmitted
    }

    private func tokens(in bucket: Bucket, at now: Duration) -> Double {
        let elapsed = max(.zero, now - bucket.at).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        return min(burst, bucket.tokens + seconds * rate)
    }

    private mutating func makeRoom(at now: Duration) {
        guard buckets.count >= capacity else { return }
        // A full bucket says nothing that a new one would not say.
        buckets = buckets.filter { tokens(in: $0.value, at: now) < burst }
        while buckets.count >= capacity,
            let fullest = buckets.max(by: { tokens(in: $0.value, at: now) < tokens(in: $1.value, at: now) })
        {
            buckets[fullest.key] = nil
        }
    }
}
