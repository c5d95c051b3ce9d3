package import FoundationEssentials
package import State

/// When the repository's file system will be full, if it goes on filling as it did.
package enum SpaceForecast {
    /// How far back the free space counts.
    package static let windowSeconds = 30 * 86_400.0
    /// With fewer days than this, the first backup alone would look like a trend.
    static let minimumDays = 4

    /// Seconds from `now` until nothing is free; `nil` when there is no telling, or when it is not filling.
    ///
    /// The rate is the median of the rates between any two days (Theil and Sen): the first backup, a large deletion or
    /// somebody else's file is one step among many days and does not move it.
    ///
    /// - Parameters:
    ///   - samples: The history.
    ///   - freeBytes: What is free now.
    ///   - now: The time.
    package static func secondsUntilFull(samples: [HistorySample], freeBytes: Int64, now: Date) -> Double? {
        var days: [Int: (time: Double, free: Double)] = [:]
        for sample in samples {
            let age = now.timeIntervalSince(sample.time)
            guard let free = sample.freeBytes, age >= 0, age <= windowSeconds else { continue }
            let time = sample.time.timeIntervalSince1970
            let day = Int((time / 86_400).rounded(.down))
            if time >= days[day]?.time ?? -.infinity { days[day] = (time, Double(free)) }
        }
        guard days.count >= minimumDays else { return nil }
        let points = days.values.sorted { $0.time < $1.time }
        var rates: [Double] = []
        for (index, later) in points.enumerated() {
            for earlier in points[..<index] where later.time > earlier.time {
                rates.append((later.free - earlier.free) / (later.time - earlier.time))
            }
        }
        rates.sort()
        guard let rate = rates.isEmpty ? nil : rates[rates.count / 2], rate < 0 else { return nil }
        let seconds = Double(max(0, freeBytes)) / -rate
        // Beyond a century the figure says nothing but "not filling".
        return seconds <= 100 * 365 * 86_400 ? seconds : nil
    }
}
