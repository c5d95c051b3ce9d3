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
        let event = try await write { database in
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
        eventSignal.fire()
        return event
    }

    /// Records an event.
    @discardableResult
    package func recordEvent(_ draft: EventDraft, at time: Date) async throws -> Event {
        try await recordEvent(
            draft.kind.rawValue,
            severity: draft.severity,
            subject: draft.subject,
            message: draft.message,
            details: draft.details,
            at: time
        )
    }

    /// A stream that yields after each event that is recorded from now on, so that a follower need not look again and again.
    package func eventArrivals() -> AsyncStream<Void> { eventSignal.listen() }

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

    /// The newest events that fit, oldest first.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - limit: How many at most; the newest count.
    package func events(matching filter: EventFilter, limit: Int) async throws -> [Event] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM events
                    WHERE id > ?1 AND time >= ?2 AND time < ?3
                        AND (?4 = '[]' OR kind IN (SELECT value FROM json_each(?4)))
                    ORDER BY id DESC LIMIT ?5
                    """,
                arguments: [
                    filter.after, filter.since?.milliseconds ?? Int64.min, filter.until?.milliseconds ?? Int64.max,
                    JSONText(encoding: filter.kinds.sorted()).text, limit,
                ]
            )
            return try rows.map(Event.init(row:)).reversed()
        }
    }

    /// The number of the last event; 0 when there is none.
    package func lastEventID() async throws -> Int64 {
        try await read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM events") ?? 0 }
    }

    /// The kinds of the events that are recorded.
    package func recordedEventKinds() async throws -> Set<String> {
        try await read { Set(try String.fetchAll($0, sql: "SELECT DISTINCT kind FROM events")) }
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
