import Configuration
import Glibc
import Logging
import Synchronization
import Systemd

/// Where log lines go and which: one choice for all loggers, which a reload may change.
enum LogOutput {
    private static let choice = Mutex((level: Logger.Level.info, format: LogFormat.text))

    /// From which importance on lines are written.
    static var level: Logger.Level { choice.withLock { $0.level } }

    /// How lines look on standard error.
    static var format: LogFormat { choice.withLock { $0.format } }

    /// Takes what the configuration says, also for loggers that exist.
    static func apply(_ settings: Settings) {
        let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
        choice.withLock { $0 = (level, settings.logFormat) }
    }

    /// Sends all that is logged to the journal, if that is where standard error goes, with all fields; else to standard error.
    /// Call it once.
    ///
    /// - Parameter environment: The process environment. Until ``apply(_:)`` is called its `LOG_FORMAT` counts.
    static func begin(environment: [String: String]) {
        let format = environment["LOG_FORMAT"].flatMap { LogFormat(rawValue: $0.lowercased()) }
        choice.withLock { $0.format = format ?? .text }
        let isJournal = JournalStream.isConnected(STDERR_FILENO, environment: environment)
        let journal = isJournal ? JournalSocket() : nil
        LoggingSystem.bootstrap { label in
            let lines = LineLogHandler(label: label)
            guard let journal else { return lines }
            // That is the journal's as well. Its buffer has room for any line as long as it can be written to at all.
            return JournalLogHandler(socket: journal, dialect: dialect, fallback: lines) {
                DescriptorReadiness.isReady(STDERR_FILENO, for: POLLOUT)
            }
        }
    }

    /// How our fields and events are called in the journal.
    static let dialect = JournalLogHandler.Dialect(
        identifier: "recyclicd",
        prefix: "RECYCLIC",
        eventKey: LogKey.event,
        messageID: { DaemonEvent(rawValue: $0)?.messageID },
        line: LogLine.plain
    )
}
