package import FoundationEssentials

/// One reading of the wall clock beside the clock that counts since boot; two of them show whether the former jumped.
package struct ClockMark: Sendable, Hashable, Codable {
    /// The wall clock.
    package var wallTime: Date
    /// Seconds since boot, sleep included (CLOCK_BOOTTIME).
    package var secondsSinceBoot: Double
    /// Which boot (`/proc/sys/kernel/random/boot_id`): marks of different boots can't be compared.
    package var bootID: String

    package init(wallTime: Date, secondsSinceBoot: Double, bootID: String) {
        self.wallTime = wallTime
        self.secondsSinceBoot = secondsSinceBoot
        self.bootID = bootID
    }

    /// How far the wall clock ran ahead of the time that went by since an earlier mark, in seconds: positive when it
    /// was set forward, negative when it was set back, about 0 when it was left alone.
    ///
    /// - Returns: `nil` when the machine was started between the two marks.
    package func jump(since earlier: ClockMark) -> Double? {
        guard bootID == earlier.bootID else { return nil }
        return wallTime.timeIntervalSince(earlier.wallTime) - (secondsSinceBoot - earlier.secondsSinceBoot)
    }
}
