import CSystemd

/// How often the service manager wants a sign of life.
package enum WatchdogInterval {
    /// `WatchdogSec=` of the unit; `nil` where no sign of life is wanted of this process.
    package static func ofThisProcess() -> Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }
}
