import FoundationEssentials
import Glibc
import Logging
import Synchronization

/// Writes log lines to standard error: time, level, message, fields.
///
/// Under systemd standard error is the journal, which has its own time; then the time is left out and the level goes
/// into the `<n>` prefix that journald takes it from (sd-daemon(3)).
struct LineLogHandler: LogHandler {
    /// The level of all handlers; a reload may change it.
    static let sharedLevel = Mutex(Logger.Level.info)

    var metadata: Logger.Metadata = [:]
    private let label: String
    private let isJournal: Bool

    init(label: String, isJournal: Bool) {
        self.label = label
        self.isJournal = isJournal
    }

    var logLevel: Logger.Level {
        get { Self.sharedLevel.withLock { $0 } }
        set { _ = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let more = event.metadata { fields.merge(more) { $1 } }
        let tail = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
        let head =
            isJournal
            ? "<\(Self.priority(event.level))>"
            : "\(Date().formatted(.iso8601)) \(event.level.rawValue) "
        // One line per event whatever the text: a line break would begin another event.
        var line = (head + "\(event.message)" + tail).replacing("\n", with: "\\n") + "\n"
        line.withUTF8 { bytes in
            _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }

    private static func quoted(_ text: String) -> String {
        text.contains { $0 == " " || $0 == "\"" } ? "\"\(text.replacing("\"", with: "\\\""))\"" : text
    }

    /// syslog(3)'s levels.
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}
