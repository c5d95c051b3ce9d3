package import FoundationEssentials
import GRDB

extension StateStore {
    /// Writes what changed, in one transaction. The oldest alerts that are over and the oldest deliveries beyond
    /// ``StateLimits`` go.
    package func apply(_ change: AlertChange) async throws {
        try await write { database in
            for alert in change.alerts { try Self.put(alert, in: database) }
            for id in change.forgotten {
                try database.execute(sql: "DELETE FROM alerts WHERE id = ?", arguments: [id])
            }
            if let silences = change.silences {
                try database.execute(sql: "DELETE FROM alert_silences")
                for silence in silences {
                    try database.execute(
                        sql: "INSERT INTO alert_silences (name, record) VALUES (?, ?)",
                        arguments: [silence.name, silence.record.text]
                    )
                }
            }
            if let memory = change.memory {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO key_values (name, value) VALUES ('alertMemory', ?)",
                    arguments: [memory.text]
                )
            }
            for delivery in change.deliveries { try Self.put(delivery, in: database) }
            for (name, record) in change.recipients { try Self.put(name, record, in: database) }
            try Self.prune(in: database)
        }
    }

    /// What is remembered of alerts.
    package func alertMemory() async throws -> AlertMemory {
        try await read { database in
            func texts(_ sql: String) throws -> [JSONText] {
                try String.fetchAll(database, sql: sql).map { JSONText(unchecked: $0) }
            }
            func next(_ table: String) throws -> Int64 {
                let sql = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)"
                return try (Int64.fetchOne(database, sql: sql, arguments: [table]) ?? 0) + 1
            }
            return AlertMemory(
                open: try texts("SELECT record FROM alerts WHERE isOpen = 1 ORDER BY id"),
                silences: try texts("SELECT record FROM alert_silences ORDER BY name"),
                memory: try texts("SELECT value FROM key_values WHERE name = 'alertMemory'").first,
                queued: try texts("SELECT record FROM alert_deliveries WHERE isQueued = 1 ORDER BY id"),
                recipients: try texts("SELECT record FROM alert_recipients ORDER BY name"),
                nextAlert: try next("alerts"),
                nextDelivery: try next("alert_deliveries")
            )
        }
    }

    /// Alerts, newest first.
    ///
    /// - Parameters:
    ///   - since: Only those that began at that time or later, and those that are open.
    ///   - limit: How many at most.
    package func alertRecords(since: Date = .distantPast, limit: Int = 100) async throws -> [JSONText] {
        try await read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT record FROM alerts WHERE isFired = 1 AND (isOpen = 1 OR beganAt >= ?) ORDER BY id DESC LIMIT ?
                    """,
                arguments: [max(since.milliseconds, 0), limit]
            ).map { JSONText(unchecked: $0) }
        }
    }

    /// An alert by its number.
    package func alertRecord(_ id: Int64) async throws -> JSONText? {
        try await read { database in
            try String.fetchOne(database, sql: "SELECT record FROM alerts WHERE id = ?", arguments: [id])
                .map { JSONText(unchecked: $0) }
        }
    }

    /// The newest alert about something.
    package func lastAlertRecord(code: String) async throws -> JSONText? {
        try await read { database in
            try String.fetchOne(
                database,
                sql: "SELECT record FROM alerts WHERE code = ? AND isFired = 1 ORDER BY id DESC LIMIT 1",
                arguments: [code]
            ).map { JSONText(unchecked: $0) }
        }
    }

    /// Deliveries, newest first.
    ///
    /// - Parameters:
    ///   - alert: Only those about this alert; what a message is about lies in the list `alerts` of its record.
    ///   - limit: How many at most.
    package func deliveryRecords(alert: Int64? = nil, limit: Int = 100) async throws -> [JSONText] {
        try await read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT record FROM alert_deliveries
                    WHERE ?1 IS NULL OR EXISTS (SELECT 1 FROM json_each(record, '$.alerts') WHERE value = ?1)
                    ORDER BY id DESC LIMIT ?2
                    """,
                arguments: [alert, limit]
            ).map { JSONText(unchecked: $0) }
        }
    }

    private static func put(_ alert: AlertRow, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO alerts (id, code, isOpen, isFired, beganAt, record) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET code = excluded.code, isOpen = excluded.isOpen, isFired = excluded.isFired,
                    beganAt = excluded.beganAt, record = excluded.record
                """,
            arguments: [
                alert.id, alert.code, alert.isOpen, alert.isFired, alert.beganAt.milliseconds, alert.record.text,
            ]
        )
    }

    private static func put(_ delivery: DeliveryRow, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO alert_deliveries (id, isQueued, channel, recipient, record) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET isQueued = excluded.isQueued, record = excluded.record
                """,
            arguments: [
                delivery.id, delivery.isQueued, delivery.channel, delivery.recipient, delivery.record.text,
            ]
        )
    }

    private static func put(_ name: String, _ record: JSONText?, in database: Database) throws {
        guard let record else {
            return try database.execute(sql: "DELETE FROM alert_recipients WHERE name = ?", arguments: [name])
        }
        try database.execute(
            sql: """
                INSERT INTO alert_recipients (name, record) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET record = excluded.record
                """,
            arguments: [name, record.text]
        )
    }

    private static func prune(in database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM alerts WHERE isOpen = 0 AND id <= coalesce((
                    SELECT id FROM alerts WHERE isOpen = 0 ORDER BY id DESC LIMIT 1 OFFSET ?), 0)
                """,
            arguments: [StateLimits.alerts]
        )
        try database.execute(
            sql: """
                DELETE FROM alert_deliveries WHERE isQueued = 0 AND id <= coalesce((
                    SELECT id FROM alert_deliveries WHERE isQueued = 0 ORDER BY id DESC LIMIT 1 OFFSET ?), 0)
                """,
            arguments: [StateLimits.deliveries]
        )
    }
}
