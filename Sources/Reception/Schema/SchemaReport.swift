import PostgresClient

/// What was found of the application's tables, and what lacks.
package struct SchemaReport: Sendable, Hashable {
    /// A column of a table.
    package struct Column: Sendable, Hashable {
        package var table: ReceptionTable
        package var name: String

        package init(_ table: ReceptionTable, _ name: String) {
            self.table = table
            self.name = name
        }
    }

    /// Tables that are not there, or in a schema that the role's `search_path` does not name.
    package var missingTables: [ReceptionTable] = []
    /// Schemas that the role may not use, and in which tables are that it does not find elsewhere.
    package var hiddenTables: [ReceptionTable: String] = [:]
    /// Columns that the tables which are there lack.
    package var missingColumns: [Column] = []
    /// Tables of which the role may not read what is needed.
    package var unreadableTables: [ReceptionTable] = []
    /// Tables of which row-level security shows the role a part, or nothing.
    package var filteredTables: [ReceptionTable] = []
    /// What the statements depend on.
    package var schema = ReceptionSchema()

    package init() {}

    /// Whether this is a database of the application: one of the tables that no other has is there. Elsewhere the statistics are
    /// nobody's business; here it is told which tables lack, after an upgrade that has renamed one say.
    package var isApplication: Bool { !ReceptionTable.distinctive.allSatisfy(missingTables.contains) }

    /// Whether all tables are there for the role.
    var hasAllTables: Bool { missingTables.isEmpty && hiddenTables.isEmpty }

    /// Why tables can't be read; `nil` when nothing is in the way.
    ///
    /// - Parameters:
    ///   - tables: The tables that are needed.
    ///   - role: The name of the role that reads.
    package func obstacle(
        to tables: [ReceptionTable] = ReceptionTable.allCases,
        role: String
    ) -> ReceptionError? {
        if !isApplication { return .tablesMissing(missingTables) }
        let schemas = Set(tables.compactMap { hiddenTables[$0] })
        if !schemas.isEmpty { return .schemaNotPermitted(schemas.sorted(), role: role) }
        let missing = missingTables.filter(tables.contains)
        if !missing.isEmpty { return .tablesMissing(missing) }
        let columns = missingColumns.filter { tables.contains($0.table) }
        if !columns.isEmpty { return .columnsMissing(columns) }
        // All of them, so that one round of mending is enough.
        if unreadableTables.contains(where: tables.contains) { return .notPermitted(unreadableTables, role: role) }
        return filteredTables.contains(where: tables.contains) ? .rowSecurity(filteredTables, role: role) : nil
    }

    // MARK: - Looking

    /// Asks the catalogue, which every role may.
    static func read(_ connection: Connection, timeout: Duration) async throws -> SchemaReport {
        let needed = ReceptionTable.allCases.flatMap { table in table.columns.map { Column(table, $0) } }
        let asked = needed + [Column(.lines, ReceptionTable.exitColumn)]
        let result = try await connection.query(
            """
            SELECT n.name AS table_name, n.attribute AS column_name, c.oid IS NOT NULL AS has_table,
                   -- None is readable or not where the column goes at this moment: rights are those of now, not of the snapshot.
                   has_column_privilege(c.oid, a.attnum, 'SELECT') IS NOT NULL AS has_column,
                   coalesce(has_column_privilege(c.oid, a.attnum, 'SELECT'), false) AS is_readable,
                   EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                           WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL
                                 AND m.amname = 'btree') AS is_indexed,
                   c.relkind IN ('r', 'p', 'v') AND has_table_privilege(c.oid, 'SELECT') AS is_lockable,
                   coalesce(row_security_active(c.oid), false) AS is_filtered,
                   CASE WHEN c.oid IS NULL THEN
                       (SELECT min(s.nspname::text) FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace
                        WHERE t.relname = n.name AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
                              AND s.nspname !~ '^pg_' AND NOT has_schema_privilege(s.oid, 'USAGE')) END AS hidden_in
            FROM unnest(string_to_array($1, ','), string_to_array($2, ',')) WITH ORDINALITY AS n (name, attribute, place)
            LEFT JOIN pg_class c ON c.oid = to_regclass(n.name)
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = n.attribute AND a.attnum > 0
                                        AND NOT a.attisdropped
            ORDER BY n.place
            """,
            [
                asked.map(\.table.rawValue).joined(separator: ","), asked.map(\.name).joined(separator: ","),
            ],
            timeout: timeout
        )
        var report = SchemaReport()
        for row in result.rows { try report.note(row) }
        return report
    }

    private mutating func note(_ row: Row) throws {
        guard let table = ReceptionTable(rawValue: try row.decode("table_name")) else { return }
        let column = try row.decode("column_name", as: String.self)
        let (hasColumn, isReadable) = (
            try row.decode("has_column", as: Bool.self), try row.decode("is_readable", as: Bool.self)
        )
        let isIndexed = try row.decode("is_indexed", as: Bool.self)
        if table == .lines, column == ReceptionTable.exitColumn {
            schema.hasExits = hasColumn
            if !hasColumn { return }
        }
        if table == .lines, column == "ticket_id" { schema.findsLinesByTicket = isIndexed }
        if table == .items, column == "sale_id" { schema.findsItemsBySale = isIndexed }
        if try row.decode("is_lockable", as: Bool?.self) != true { schema.unlockableTables.insert(table) }
        if try row.decode("is_filtered", as: Bool.self), !filteredTables.contains(table) {
            filteredTables.append(table)
        }
        if let hidden = try row.decode("hidden_in", as: String?.self) {
            hiddenTables[table] = hidden
        } else if try !row.decode("has_table", as: Bool.self) {
            if !missingTables.contains(table) { missingTables.append(table) }
        } else if !hasColumn {
            missingColumns.append(Column(table, column))
        } else if !isReadable, !unreadableTables.contains(table) {
            unreadableTables.append(table)
        }
    }
}
