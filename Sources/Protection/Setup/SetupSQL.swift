/// The SQL that makes the role recyclicd logs in as; what `recyclicd setup-sql` prints.
package enum SetupSQL {
    /// Why no SQL can be made for a name.
    package struct NameError: Error, Hashable {
        /// Lowercase, no full stop.
        package let message: String
        /// What to do.
        package let hint: String
    }

    /// Plain SQL for any client; running it again changes nothing.
    ///
    /// Rights that are not asked for are printed as comments, so that the operator sees what there is. The password is
    /// not part of it: SQL ends in logs and histories, so it says how to set one without either.
    ///
    /// - Parameters:
    ///   - role: The role's name, as in `POSTGRES_USER`.
    ///   - database: The database the daemon connects to, as in `POSTGRES_DB`; the SQL must be run in it.
    ///   - features: What to give rights for.
    /// - Throws: `NameError` when PostgreSQL cannot have such a name, or when it holds control characters.
    package static func render(
        role: String,
        database: String,
        features: Set<SetupFeature> = SetupFeature.recommended
    ) throws(NameError) -> String {
        try check(role, "role")
        try check(database, "database")
        let name = identifier(role)
        var lines = [
            "-- The role that recyclicd logs in as. Run this as a superuser in the database \(identifier(database)).",
            "-- Running it again changes nothing.",
            "",
            "-- Base backups: LOGIN and REPLICATION suffice.",
        ]
        lines += creation(of: role)
        lines += [
            "ALTER ROLE \(name) LOGIN REPLICATION;",
            "GRANT CONNECT ON DATABASE \(identifier(database)) TO \(name);",
            "",
            "-- Not with peer authentication: give it a password. psql asks for it, and no log or history sees it:",
            "--   \\password \(name)",
        ]
        for feature in SetupFeature.allCases {
            let isWanted = features.contains(feature)
            lines += ["", "-- \(feature.rawValue): \(feature.purpose)\(isWanted ? "" : " (not asked for)")"]
            lines += feature.statements(role: name).map { isWanted ? $0 : "--   \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// CREATE ROLE has no IF NOT EXISTS, hence the block.
    private static func creation(of role: String) -> [String] {
        block(
            if: "NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = \(literal(role)))",
            ["CREATE ROLE \(identifier(role)) LOGIN REPLICATION;"],
            naming: role
        )
    }

    /// Statements that are run only if a condition holds.
    ///
    /// - Parameters:
    ///   - condition: An SQL expression.
    ///   - statements: What is run then.
    ///   - role: The role's name as it is, which may be part of both.
    package static func block(if condition: String, _ statements: [String], naming role: String) -> [String] {
        // A tag that the role's name does not hold, or the name would end the block.
        var tag = "$recyclic$"
        while role.contains(tag) { tag = "$" + String(repeating: "x", count: tag.utf8.count) + "$" }
        return ["DO \(tag)", "BEGIN", "    IF \(condition) THEN"] + statements.map { "        \($0)" }
            + ["    END IF;", "END", "\(tag);"]
    }

    private static func check(_ name: String, _ what: String) throws(NameError) {
        let length = name.utf8.count
        guard length > 0, length <= 63 else {
            throw NameError(
                message: "the name of the \(what) has \(length) bytes",
                hint: "PostgreSQL takes names of 1 to 63 bytes."
            )
        }
        // A line end would end the comment it stands in.
        guard !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw NameError(
                message: "the name of the \(what) holds control characters",
                hint: "Choose a name without line ends and the like."
            )
        }
    }

    /// Always in quotes: then it is right for reserved words and capital letters too.
    package static func identifier(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// Right whatever `standard_conforming_strings` is.
    static func literal(_ text: String) -> String {
        let doubled = text.replacing("'", with: "''")
        return text.contains("\\") ? "E'" + doubled.replacing("\\", with: "\\\\") + "'" : "'" + doubled + "'"
    }
}
