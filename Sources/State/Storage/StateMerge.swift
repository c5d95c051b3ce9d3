import FoundationEssentials
import GRDB

/// Puts what was recorded in memory into the file that could not be opened at first.
///
/// What happened is added to what the file holds; of what there is one of, memory has the newer. The numbers of both never meet:
/// see ``number(_:from:)``.
enum StateMerge {
    /// The tables whose rows are numbered, and never written twice.
    private static let numbered = ["jobs", "events", "verify_runs", "drills", "history", "alerts", "alert_deliveries"]
    /// Those whose rows have names.
    private static let named = ["verified_objects", "damaged_objects", "verified_backups", "alert_recipients"]
    /// What a value began to be when it was noted first: the file knows the earlier time, as long as the value itself is the same.
    private static let beginnings = [
        "scheduleInForce": "scheduleInForceSince", "digestSchedule": "digestScheduleSince",
    ]

    /// Has a new database count from a number on.
    static func number(_ database: Database, from first: Int64) throws {
        guard first > 1 else { return }
        for table in numbered {
            try database.execute(
                sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                arguments: [table, first - 1]
            )
        }
    }

    /// Writes everything.
    ///
    /// - Parameter now: The time.
    /// - Returns: How many rows were written, by table.
    static func write(_ memory: Database, to file: Database, now: Date) throws -> [String: Int] {
        // An object is either whole or damaged, as it was found last.
        for (found, opposite) in [("verified_objects", "damaged_objects"), ("damaged_objects", "verified_objects")] {
            for name in try String.fetchAll(memory, sql: "SELECT name FROM \(found)") {
                try file.execute(sql: "DELETE FROM \(opposite) WHERE name = ?", arguments: [name])
            }
        }
        // When they end is known by a clock that memory does not know: better to be told than not.
        try file.execute(sql: "DELETE FROM alert_silences")
        try endAlerts(in: file, now: now)
        try writeBeginnings(of: memory, to: file)
        var written: [String: Int] = [:]
        for table in numbered + named + ["alert_silences", "key_values"] {
            let count = try copy(table, from: memory, to: file)
            if count > 0 { written[table] = count }
        }
        return written
    }

    /// Ends what was open in the file: it goes by that clock as well, and what is still so memory has found and told anew. Nor is what
    /// was to be told before that sent so late.
    private static func endAlerts(in file: Database, now: Date) throws {
        let time = now.formatted(.iso8601)
        try file.execute(sql: "DELETE FROM alerts WHERE isOpen = 1 AND isFired = 0")
        try file.execute(
            sql: """
                UPDATE alerts SET isOpen = 0, record = json_set(record, '$.phase', 'resolved', '$.resolvedAt', ?)
                WHERE isOpen = 1
                """,
            arguments: [time]
        )
        try file.execute(
            sql: """
                UPDATE alert_deliveries SET isQueued = 0, record = json_set(record, '$.state', 'dropped', '$.finishedAt', ?)
                WHERE isQueued = 1
                """,
            arguments: [time]
        )
    }

    private static func copy(_ table: String, from memory: Database, to file: Database) throws -> Int {
        let rows = try Row.fetchCursor(memory, sql: "SELECT * FROM \(table)")
        var count = 0
        while let row = try rows.next() {
            let columns = Array(row.columnNames)
            let places = columns.map { _ in "?" }.joined(separator: ", ")
            // A numbered row that is there already would be another one: then nothing is written.
            let verb = numbered.contains(table) ? "INSERT" : "INSERT OR REPLACE"
            try file.execute(
                sql: "\(verb) INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))",
                arguments: StatementArguments(row.databaseValues)
            )
            count += 1
        }
        return count
    }

    /// Has memory take over since when things are so, before its values are written.
    private static func writeBeginnings(of memory: Database, to file: Database) throws {
        func value(_ name: String, _ database: Database) throws -> String? {
            try String.fetchOne(database, sql: "SELECT value FROM key_values WHERE name = ?", arguments: [name])
        }
        func keep(_ name: String) throws {
            guard let earlier = try value(name, file) else { return }
            try memory.execute(sql: "UPDATE key_values SET value = ? WHERE name = ?", arguments: [earlier, name])
        }
        try keep(StateKey.firstStart.name)
        for name in try String.fetchAll(memory, sql: "SELECT name FROM key_values") {
            let parts = name.split(separator: ".", maxSplits: 1)
            guard let beginning = parts.first.flatMap({ beginnings[String($0)] }) else { continue }
            guard try value(name, file) == value(name, memory) else { continue }
            try keep(parts.count > 1 ? "\(beginning).\(parts[1])" : beginning)
        }
    }
}
