import CLibpq

/// What a query returned: its rows, all in memory, and what the server said beside them.
package struct QueryResult: Sendable {
    private let storage: ResultStorage
    /// The server's warnings and notices during the query, the first 1000 of them.
    package let notices: [Notice]

    init(_ storage: ResultStorage, notices: [Notice]) {
        self.storage = storage
        self.notices = notices
    }

    /// The columns' names, in order.
    package var columns: [String] {
        storage.columns
    }

    /// The rows.
    package var rows: some RandomAccessCollection<Row> & Sendable {
        RowCollection(storage: storage)
    }

    /// The only row.
    ///
    /// - Throws: ``PostgresError`` when there isn't exactly one.
    package func onlyRow() throws -> Row {
        guard storage.rowCount == 1 else {
            throw PostgresError(.unexpectedValue, "the query returned \(storage.rowCount) rows instead of 1")
        }
        return Row(storage: storage, index: 0)
    }

    /// What the statement did, as psql shows it: `SELECT 1`, `CREATE TABLE`.
    package var command: String {
        storage.command
    }

    /// How many rows the statement changed or returned, when it says so.
    package var affectedRows: Int? {
        storage.affectedRows
    }
}

/// The rows of a result.
private struct RowCollection: RandomAccessCollection, Sendable {
    let storage: ResultStorage

    var startIndex: Int { 0 }
    var endIndex: Int { storage.rowCount }

    subscript(position: Int) -> Row {
        precondition(indices.contains(position), "row \(position) of \(count)")
        return Row(storage: storage, index: position)
    }
}
