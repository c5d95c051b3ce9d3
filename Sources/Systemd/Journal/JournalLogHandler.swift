package import Logging

/// Sends log lines to journald with their fields, so that `journalctl RECYCLIC_JOB=j12` finds them.
///
/// Where no journal listens the lines go to another handler, and so do warnings and worse for which a busy journal has no room. A
/// line for which there is no room either is dropped and counted: whoever logs never waits for a journal that hangs.
package struct JournalLogHandler: LogHandler {
    /// What the service's fields are called, and what its events are known by.
    package struct Dialect: Sendable {
        /// `SYSLOG_IDENTIFIER=`.
        package let identifier: String
        /// What the names of the service's own fields begin with, without the underscore.
        package let prefix: String
        /// The key whose value names an event.
        package let eventKey: String
        /// The `MESSAGE_ID=` of an event, 32 hexadecimal digits; `nil` for what is no event.
        package let messageID: @Sendable (_ event: String) -> String?
        /// The line that `journalctl` shows.
        package let line: @Sendable (_ message: String, _ fields: [(key: String, value: String)]) -> String

        package init(
            identifier: String,
            prefix: String,
            eventKey: String,
            messageID: @escaping @Sendable (String) -> String?,
            line: @escaping @Sendable (String, [(key: String, value: String)]) -> String
        ) {
            self.identifier = identifier
            self.prefix = prefix
            self.eventKey = eventKey
            self.messageID = messageID
            self.line = line
        }
    }

    package var metadata: Logger.Metadata = [:]
    private var fallback: any LogHandler
    private let hasRoom: @Sendable () -> Bool
    private let socket: JournalSocket
    private let dialect: Dialect

    /// - Parameters:
    ///   - socket: The way to journald.
    ///   - dialect: What fields and events are called.
    ///   - fallback: Takes what can't be sent; it also holds the level.
    ///   - hasRoom: Whether the fallback takes a line without waiting.
    package init(
        socket: JournalSocket,
        dialect: Dialect,
        fallback: any LogHandler,
        hasRoom: @escaping @Sendable () -> Bool
    ) {
        self.hasRoom = hasRoom
        self.socket = socket
        self.dialect = dialect
        self.fallback = fallback
    }

    package var logLevel: Logger.Level {
        get { fallback.logLevel }
        set { fallback.logLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set {
            metadata[key] = newValue
            fallback[metadataKey: key] = newValue
        }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
            .map { (key: $0.key, value: "\($0.value)") }.sorted { $0.key < $1.key }
        var entry = JournalEntry()
        entry.add("MESSAGE", dialect.line("\(event.message)", fields))
        entry.add("PRIORITY", "\(event.level.syslogPriority)")
        entry.add("SYSLOG_IDENTIFIER", dialect.identifier)
        if let name = fields.first(where: { $0.key == dialect.eventKey })?.value, let id = dialect.messageID(name) {
            entry.add("MESSAGE_ID", id)
        }
        entry.add("CODE_FILE", event.file)
        entry.add("CODE_LINE", "\(event.line)")
        entry.add("CODE_FUNC", event.function)
        for field in fields {
            entry.add(JournalEntry.fieldName(prefix: dialect.prefix, key: field.key), field.value)
        }
        let droppedField = JournalEntry.fieldName(prefix: dialect.prefix, key: "droppedLines")
        // What matters goes to standard error rather than nowhere, though without its fields.
        let isSent = socket.send(entry, droppedField: droppedField, mayDrop: event.level < .warning)
        guard !isSent else { return }
        if hasRoom() { fallback.log(event: event) } else { socket.countDropped() }
    }
}

extension Logger.Level {
    /// syslog(3)'s level.
    package var syslogPriority: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}
