import FoundationEssentials
import GRDB

extension StateStore {
    /// A remembered value; `nil` when there is none.
    ///
    /// - Throws: ``StateError`` also when the value has another shape than the key says.
    package func value<Value>(_ key: StateKey<Value>) async throws -> Value? {
        let text = try await read { database in
            try String.fetchOne(database, sql: "SELECT value FROM key_values WHERE name = ?", arguments: [key.name])
        }
        guard let text else { return nil }
        return try Self.decode(text, as: key)
    }

    /// Remembers a value in place of the one before.
    package func set<Value>(_ key: StateKey<Value>, to value: Value) async throws {
        let text = try Self.encode(value)
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO key_values (name, value) VALUES (?, ?)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """,
                arguments: [key.name, text]
            )
        }
    }

    /// Remembers a value unless there is one already; gives the one that holds now.
    package func setIfAbsent<Value>(_ key: StateKey<Value>, to value: Value) async throws -> Value {
        let text = try Self.encode(value)
        let kept = try await write { database in
            try database.execute(
                sql: "INSERT INTO key_values (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                arguments: [key.name, text]
            )
            return try String.fetchOne(
                database,
                sql: "SELECT value FROM key_values WHERE name = ?",
                arguments: [key.name]
            )
        }
        return try Self.decode(kept ?? text, as: key)
    }

    /// Forgets a value.
    package func remove<Value>(_ key: StateKey<Value>) async throws {
        try await write { database in
            try database.execute(sql: "DELETE FROM key_values WHERE name = ?", arguments: [key.name])
        }
    }

    // Dates here are numbers, so that they come back exactly as they were.
    private static func encode<Value: Encodable>(_ value: Value) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    private static func decode<Value>(_ text: String, as key: StateKey<Value>) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw StateError.unreadable("a value of '\(key.name)'")
        }
    }
}
