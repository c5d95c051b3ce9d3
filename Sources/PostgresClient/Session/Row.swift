/// One row of a result.
package struct Row: Sendable {
    let storage: ResultStorage
    let index: Int

    /// Reads a column.
    ///
    /// - Parameters:
    ///   - column: Its name. Of two columns with one name the first counts.
    ///   - type: What it holds; an optional type where NULL may be.
    /// - Throws: ``PostgresError`` that names the column when there is none, when it is NULL, or holds something else.
    package func decode<Value: PostgresDecodable>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        guard let number = storage.columns.firstIndex(of: column) else {
            let there = storage.columns.joined(separator: ", ")
            throw PostgresError(.unexpectedValue, "there is no column '\(column)', only \(there)")
        }
        return try decode(number, as: type)
    }

    /// Reads a column by its place, from 0.
    package func decode<Value: PostgresDecodable>(_ column: Int, as type: Value.Type = Value.self) throws -> Value {
        guard storage.columns.indices.contains(column) else {
            throw PostgresError(.unexpectedValue, "there is no column \(column), only \(storage.columns.count)")
        }
        let text = storage.text(row: index, column: column)
        if let value = Value.decode(postgresText: text) { return value }
        let name = storage.columns[column]
        guard let text else {
            throw PostgresError(.unexpectedValue, "the column '\(name)' is NULL where \(type) is expected")
        }
        throw PostgresError(.unexpectedValue, "the column '\(name)' holds '\(text.prefix(80))', not \(type)")
    }

    /// Every column's text in order; `nil` is NULL.
    package var texts: [String?] {
        storage.columns.indices.map { storage.text(row: index, column: $0) }
    }
}
