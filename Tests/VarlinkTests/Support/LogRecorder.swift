import Logging
import Synchronization

/// Keeps what is logged.
final class LogRecorder: LogHandler {
    private let lines = Mutex<[String]>([])
    private let ownMetadata = Mutex<Logger.Metadata>([:])

    /// Each entry as `level message metadata`.
    var entries: [String] { lines.withLock { $0 } }

    func has(_ text: String) -> Bool { entries.contains { $0.contains(text) } }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    var metadata: Logger.Metadata {
        get { ownMetadata.withLock { $0 } }
        set { ownMetadata.withLock { $0 = newValue } }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { ownMetadata.withLock { $0[key] } }
        set { ownMetadata.withLock { $0[key] = newValue } }
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}
