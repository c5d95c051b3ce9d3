import PostgresClient

/// An index that makes the statistics as fast on large tables as on small ones. recyclicd makes none: the schema is the
/// application's.
package struct ReceptionIndexAdvice: Sendable, Hashable {
    /// The table.
    package let table: ReceptionTable
    /// The columns that it is sorted by.
    let columns: [String]
    /// Columns that are stored with it.
    let included: [String]
    /// What it is for, in one sentence.
    package let purpose: String
    /// What it costs whoever writes, in one sentence.
    package let writeCost: String
    /// Bytes that a row of the table takes in it, as measured on a million tickets.
    let bytesPerRow: Double
    /// Bytes that a row takes in the table, likewise.
    let tableBytesPerRow: Double

    /// All there are.
    package static let all = [
        ReceptionIndexAdvice(
            table: .tickets,
            columns: ["status", "closed_at"],
            included: ["id", "poste_id"],
            purpose: "finds the tickets that are open, and those closed in the last 24 hours",
            writeCost: "one entry for each ticket, and new entries in every index of the table when a ticket is closed",
            bytesPerRow: 68,
            tableBytesPerRow: 101
        ),
        ReceptionIndexAdvice(
            table: .lines,
            columns: ["ticket_id"],
            included: [],
            purpose: "finds the lines of a ticket, for the application as well",
            writeCost: "one entry for each line",
            bytesPerRow: 18,
            tableBytesPerRow: 98
        ),
        ReceptionIndexAdvice(
            table: .sales,
            columns: ["created_at"],
            included: [],
            purpose: "finds the sales of the last 24 hours",
            writeCost: "one entry for each sale",
            bytesPerRow: 23,
            tableBytesPerRow: 134
        ),
        ReceptionIndexAdvice(
            table: .items,
            columns: ["sale_id"],
            included: [],
            purpose: "finds the items of a sale, for the application as well",
            writeCost: "one entry for each item",
            bytesPerRow: 19,
            tableBytesPerRow: 142
        ),
    ]

    /// The name that the statement gives it.
    var name: String { "recyclic_\(table.rawValue)_\(columns.joined(separator: "_"))" }

    /// The statement that makes it while others read and write; it must not be run inside a transaction.
    package var statement: String {
        let more = included.isEmpty ? "" : " INCLUDE (\(included.joined(separator: ", ")))"
        return "CREATE INDEX CONCURRENTLY \(name) ON \(table.rawValue) (\(columns.joined(separator: ", ")))\(more);"
    }

    /// The statement that takes it away while others read and write; it must not be run inside a transaction either.
    package var dropStatement: String { "DROP INDEX CONCURRENTLY \(name);" }
}
