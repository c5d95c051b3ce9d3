package import Foundation

/// A delay added to scheduled times, so that many machines with the same schedule don't all work at once.
///
/// It depends on the instance and on the time it is added to, and on nothing else: asked again it is the same, after a
/// restart and in another process too.
package struct ScheduleJitter: Sendable, Hashable {
    /// What tells this instance from others: the repository's id, the machine's id, …
    package let seed: String
    /// The longest delay, in seconds; 0 for none.
    package let maximumSeconds: Int

    /// No delay.
    package static let none = ScheduleJitter(seed: "", maximumSeconds: 0)

    package init(seed: String, maximumSeconds: Int) {
        self.seed = seed
        self.maximumSeconds = max(0, maximumSeconds)
    }

    /// The delay of a scheduled time in whole seconds, from 0 to the maximum, and less than half the rule's interval, so
    /// that runs stay apart and in order.
    package func delay(of time: Date, rule: ScheduleRule) -> Int {
        let bound = min(maximumSeconds, max(0, (rule.shortestInterval ?? 0) / 2 - 1))
        guard bound > 0 else { return 0 }
        // FNV-1a over the seed and the time; Hasher would give another number in each process.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) {
            hash ^= UInt64(byte)
            hash &*= 0x0000_0100_0000_01b3
        }
        seed.utf8.forEach(mix)
        let second = UInt64(bitPattern: Int64(time.timeIntervalSince1970))
        for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: second >> UInt64(shift))) }
        // The low bits of FNV-1a hang on the last bytes alone; fold and stir before the remainder.
        hash ^= hash >> 32
        hash &*= 0x9e37_79b9_7f4a_7c15
        hash ^= hash >> 29
        return Int(hash % UInt64(bound + 1))
    }

    /// The scheduled time with its delay.
    package func delayed(_ time: Date, rule: ScheduleRule) -> Date {
        time.addingTimeInterval(Double(delay(of: time, rule: rule)))
    }
}
