import Configuration
import Logging
import Synchronization

extension LineLogHandler {
    /// Sets the level of all loggers, also of those that exist.
    static func setLevel(_ level: LogLevel) {
        let level = Logger.Level(rawValue: level.rawValue) ?? .info
        sharedLevel.withLock { $0 = level }
    }
}
