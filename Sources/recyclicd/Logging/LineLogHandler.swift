import Configuration
import FoundationEssentials
import Glibc
import Logging

/// Writes each log line to standard error, readable or as JSON.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let label: String

    init(label: String) { self.label = label }

    var logLevel: Logger.Level {
        get { LogOutput.level }
        set { _ = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
            .map { (key: $0.key, value: "\($0.value)") }.sorted { $0.key < $1.key }
        let line = LogLine(time: Date(), level: event.level, message: "\(event.message)", fields: fields)
        var text = (LogOutput.format == .json ? line.json : line.text) + "\n"
        text.withUTF8 { bytes in
            _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
