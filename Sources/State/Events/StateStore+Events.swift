package import FoundationEssentials
import GRDB

extension StateStore {
    /// Records an event; the oldest beyond ``StateLimits/events`` go.
    ///
    /// - Parameters:
    ///   - kind: The stable word for what happened, camelCase.
    ///   - severity: How much it matters.
    ///   - subject: What it is about.
    ///   - message: What happened, in words; no secrets.
    ///   - details: More, for programs.
    ///   - time: When it happened.
    @discardableResult
    package func recordEvent(
        _ kind: String,
        severity: EventSeverity,
        subject: String? = nil,
        message: String,
        details: JSONText? = nil,
        at time: Date
    ) async throws -> Event {
        try await write { database in
            try Self.insertEvent(
                in: database,
                time: time,
                kind: kind,
                severity: severity,
                subject: subject,
                message: message,
                details: details
            )
        }
    }

    /// The newest events, newest first.
    ///
    /// - Parameters:
    ///   - before: Only with a lower number, to page on.
    ///   - limit: How many at most.
    package func events(before: Int64? = nil, limit: Int = 100) async throws -> [Event] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM events WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [before ?? Int64.max, limit]
            )
            return try rows.map(Event.init(row:))
        }
    }

    /// The events after a given one, oldest first: what a follower has not seen.
    package func events(after id: Int64, limit: Int = 100) async throws -> [Event] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [id, limit]
            )
            return try rows.map(Event.init(row:))
        }
    }

    @discardableResult
    static func insertEvent(
        in database: Database,
        time: Date,
        kind: String,
        severity: EventSeverity,
        subject: String? = nil,
        message: String,
        details: JSONText? = nil
    ) throws -> Event {
        try database.execute(
            sql: "INSERT INTO events (time, kind, severity, subject, message, details) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [time.milliseconds, kind, severity.rawValue, subject, message, details?.text]
        )
        let id = database.lastInsertedRowID
        // Numbers have no holes but at the old end, so the distance of numbers is the count.
        try database.execute(
            sql: "DELETE FROM events WHERE id <= ?",
            arguments: [id - Int64(StateLimits.events)]
        )
        return Event(
            id: id,
            time: Date(milliseconds: time.milliseconds),
            kind: kind,
            severity: severity,
            subject: subject,
            message: message,
            details: details
        )
    }
}

extension Event {
    fileprivate init(row: Row) throws {
        try self.init(
            id: row["id"],
            time: row.date("time"),
            kind: row["kind"],
            severity: row.word("severity"),
            subject: row["subject"],
            message: row["message"],
            details: row.optionalJSON("details")
        )
    }
}
