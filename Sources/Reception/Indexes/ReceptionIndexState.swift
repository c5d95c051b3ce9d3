import PostgresClient

/// How it stands with an index that makes the statistics scale.
package struct ReceptionIndexState: Sendable, Hashable {
    /// Which.
    package let advice: ReceptionIndexAdvice
    /// The name of an index that is there already and does the same.
    package let presentAs: String?
    /// Whether somebody is making it now.
    package let isBeingMade: Bool
    /// Whether one of its name is there that can't be used, as a run leaves it that failed. It must go before the next.
    package let isInvalid: Bool
    /// Rows of the table, by the server's last estimate, or by the table's size where there is none.
    package let rows: Double
    /// The size of that one, or what the new one would have: by the number of rows that the server last estimated.
    package let bytes: Int64

    /// Asks the catalogue, which every role may.
    static func read(_ connection: Connection, timeout: Duration) async throws -> [ReceptionIndexState] {
        var states: [ReceptionIndexState] = []
        for advice in ReceptionIndexAdvice.all {
            let row = try await connection.query(
                """
                SELECT c.reltuples::float8 AS rows, pg_relation_size(c.oid) AS table_bytes, present.name, present.bytes, own.oid IS NOT NULL AS is_invalid,
                       -- Roles without pg_read_all_stats see no more than that one is being made somewhere in the database.
                       EXISTS (SELECT FROM pg_stat_progress_create_index p
                               WHERE p.datname = current_database() AND coalesce(p.relid, c.oid) = c.oid) AS is_underway
                FROM pg_class c LEFT JOIN LATERAL (
                    SELECT x.relname::text AS name, pg_relation_size(x.oid) AS bytes
                    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                    WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree'
                          AND (SELECT string_agg(coalesce(a.attname, ''), ',' ORDER BY k.place)
                               FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                               LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
                               WHERE k.place <= least($2, i.indnkeyatts)) = $3
                    ORDER BY x.oid LIMIT 1) AS present ON true
                LEFT JOIN LATERAL (
                    SELECT x.oid FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                    WHERE i.indrelid = c.oid AND x.relname = $4 AND NOT i.indisvalid) AS own ON true
                WHERE c.oid = to_regclass($1)
                """,
                [advice.table.rawValue, advice.columns.count, advice.columns.joined(separator: ","), advice.name],
                timeout: timeout
            ).onlyRow()
            let estimate = try row.decode("rows", as: Double.self)
            let size = try row.decode("table_bytes", as: Int64.self)
            // Below 0 where the table was never analysed; before PostgreSQL 14 that is 0.
            let rows = estimate > 0 ? estimate : (Double(size) / advice.tableBytesPerRow).rounded()
            // While it is being made it is not valid either.
            let (isInvalid, isUnderway) = (
                try row.decode("is_invalid", as: Bool.self), try row.decode("is_underway", as: Bool.self)
            )
            states.append(
                ReceptionIndexState(
                    advice: advice,
                    presentAs: try row.decode("name"),
                    isBeingMade: isInvalid && isUnderway,
                    isInvalid: isInvalid && !isUnderway,
                    rows: rows,
                    // Two pages: the smallest index that holds something.
                    bytes: try row.decode("bytes", as: Int64?.self) ?? max(16_384, Int64(rows * advice.bytesPerRow))
                )
            )
        }
        return states
    }
}
