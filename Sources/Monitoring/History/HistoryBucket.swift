package import FoundationEssentials
package import State

/// What the history says of an hour or a day.
package struct HistoryBucket: Sendable, Hashable {
    /// How long a bucket is, by the clock on the wall.
    package enum Unit: String, Sendable, Hashable, CaseIterable {
        case hour
        case day

        /// Its length in seconds, days on which the clock is changed aside.
        package var seconds: Int { self == .hour ? 3600 : 86_400 }
    }

    /// When it begins.
    package var from: Date
    /// When it ends.
    package var to: Date
    /// For how much of it there are samples.
    package var observedSeconds = 0.0
    /// How long health was at each level.
    package var healthSeconds: [HealthLevel: Double] = [:]
    /// The worst level that was seen.
    package var worstHealth = HealthLevel.ok
    /// The most that would have been lost; infinity for everything, `nil` when it is not known.
    package var exposureMaximumSeconds: Double?
    /// The highest age of the newest restorable point.
    package var backupAgeMaximumSeconds: Double?
    /// Backups at its end.
    package var backups: Int64?
    /// What the repository took at its end.
    package var repositoryBytes: Int64?
    /// The least free space.
    package var freeMinimumBytes: Int64?
    /// How long the database answered.
    package var databaseReachableSeconds = 0.0
    /// The size of the databases at its end.
    package var databaseBytes: Int64?
    /// The daemon's highest memory.
    package var residentMaximumBytes: Int64?
    /// Processor time that the daemon used.
    package var cpuSeconds: Double?

    package init(from: Date, to: Date) {
        self.from = from
        self.to = to
    }

    /// Sorts samples into buckets; hours or days without any are left out.
    ///
    /// - Parameters:
    ///   - samples: In the order in which they were taken.
    ///   - unit: The length of a bucket.
    ///   - end: When the history ends that is looked at.
    ///   - secondsFromUTC: The distance of the local time from UTC at a time.
    package static func buckets(
        _ samples: [HistorySample],
        by unit: Unit,
        until end: Date,
        secondsFromUTC: (Date) -> Int
    ) -> [HistoryBucket] {
        var buckets: [HistoryBucket] = []
        var cpu: Double?
        for (sample, seconds) in zip(samples, SampleSpan.seconds(samples, until: end)) {
            // A clock that was set back leads into an earlier bucket; it is continued, not begun again.
            if sample.time >= buckets.last?.to ?? .distantPast {
                buckets.append(bucket(around: sample.time, unit, secondsFromUTC))
            }
            let last = buckets.count - 1
            buckets[last].add(sample, seconds: seconds)
            if let used = sample.cpuSeconds {
                // Less than before is another process, which began at 0.
                let more = cpu.map { used >= $0 ? used - $0 : used } ?? 0
                buckets[last].cpuSeconds = (buckets[last].cpuSeconds ?? 0) + more
                cpu = used
            }
        }
        return buckets
    }

    private static func bucket(around time: Date, _ unit: Unit, _ secondsFromUTC: (Date) -> Int) -> HistoryBucket {
        let second = Int(time.timeIntervalSince1970.rounded(.down))
        let local = second + secondsFromUTC(time)
        let index = local >= 0 ? local / unit.seconds : -((unit.seconds - 1 - local) / unit.seconds)
        func start(_ index: Int) -> Date {
            // The distance at that time may be another than now: on the day on which the clock is changed.
            let guess = Date(timeIntervalSince1970: Double(index * unit.seconds - secondsFromUTC(time)))
            return Date(timeIntervalSince1970: Double(index * unit.seconds - secondsFromUTC(guess)))
        }
        return HistoryBucket(from: start(index), to: start(index + 1))
    }

    private mutating func add(_ sample: HistorySample, seconds: Double) {
        let seconds = min(seconds, max(0, to.timeIntervalSince(sample.time)))
        observedSeconds += seconds
        if let level = HealthLevel(rawValue: sample.health) {
            healthSeconds[level, default: 0] += seconds
            worstHealth = max(worstHealth, level)
        }
        func highest<Value: Comparable>(_ left: Value?, _ right: Value?) -> Value? {
            guard let left, let right else { return left ?? right }
            return max(left, right)
        }
        exposureMaximumSeconds = highest(exposureMaximumSeconds, sample.exposureSeconds)
        backupAgeMaximumSeconds = highest(backupAgeMaximumSeconds, sample.backupAgeSeconds)
        backups = sample.backups ?? backups
        repositoryBytes = sample.repositoryBytes ?? repositoryBytes
        if let free = sample.freeBytes { freeMinimumBytes = min(free, freeMinimumBytes ?? free) }
        if sample.isDatabaseReachable { databaseReachableSeconds += seconds }
        databaseBytes = sample.databaseBytes ?? databaseBytes
        residentMaximumBytes = highest(residentMaximumBytes, sample.residentBytes)
    }
}
