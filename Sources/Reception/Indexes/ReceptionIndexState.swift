import PostgresClient

/// How it stands with an index that makes the statistics scale.
package struct ReceptionIndexState: Sendable, Hashable {
    /// Which.
    package let advice: ReceptionIndexAdvice
    /// The name of an index that is there already and does the same.
    package let presentAs: String?
    /// Rows of the table, by the server's last estimate.
    package let rows: Double
    /// The size of that one, or what the new one would have: by the number of rows that the server last estimated.
    package let bytes: Int64

    /// Asks the catalogue, which every role may.
    static func read(_ connection: Connection, timeout: Duration) async throws -> [ReceptionIndexState] {
        var states: [ReceptionIndexState] = []
        for advice in ReceptionIndexAdvice.all {
            let row = try await connection.query(
                """
                SELECT c.reltuples::float8 AS rows, present.name, present.bytes
                FROM pg_class c LEFT JOIN LATERAL (
                    SELECT x.relname::text AS name, pg_relation_size(x.oid) AS bytes
                    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree'
                          AND (SELECT string_agg(coalesce(a.attname, ''), ',' ORDER BY k.place)
                               FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                               LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
                               WHERE k.place <= $2) = $3
                    ORDER BY x.oid LIMIT 1) AS present ON true
                WHERE c.oid = to_regclass($1)
                """,
                [advice.table.rawValue, advice.columns.count, advice.columns.joined(separator: ",")],
                timeout: timeout
            ).onlyRow()
            let rows = max(0, try row.decode("rows", as: Double.self))
            states.append(
                ReceptionIndexState(
                    advice: advice,
                    presentAs: try row.decode("name"),
                    rows: rows,
                    // Two pages: the smallest index that holds something.
                    bytes: try row.decode("bytes", as: Int64?.self) ?? max(16_384, Int64(rows * advice.bytesPerRow))
                )
            )
        }
        return states
    }
}
