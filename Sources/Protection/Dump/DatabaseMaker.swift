import PostgresClient
import Repository

/// The SQL that makes a database like the one that was dumped.
struct DatabaseMaker {
    let facts: ServerFacts.DatabaseFacts
    let properties: DatabaseProperties?

    /// `CREATE DATABASE` with the encoding and the locale of the one that was dumped.
    ///
    /// - Parameters:
    ///   - name: The new one's name.
    ///   - majorVersion: Of the server that makes it.
    func creation(of name: String, majorVersion: Int) -> String {
        var options = [
            "TEMPLATE template0", "ENCODING \(SetupSQL.literal(facts.encoding))",
            "LC_COLLATE \(SetupSQL.literal(facts.collate))", "LC_CTYPE \(SetupSQL.literal(facts.ctype))",
            "LOCALE_PROVIDER \(facts.provider)",
        ]
        if let locale = facts.icuLocale {
            switch facts.provider {
            case "icu":
                options.append("ICU_LOCALE \(SetupSQL.literal(locale))")
                if let rules = facts.icuRules, majorVersion >= 16 {
                    options.append("ICU_RULES \(SetupSQL.literal(rules))")
                }
            case "builtin" where majorVersion >= 17: options.append("BUILTIN_LOCALE \(SetupSQL.literal(locale))")
            default: break
            }
        }
        return "CREATE DATABASE \(SetupSQL.identifier(name)) \(options.joined(separator: " "))"
    }

    /// What gives a database its owner, limits, comment, rights and settings, a statement or two that belong together each.
    ///
    /// Settings are set for the session first and then taken from it: the values are in the form in which the server stores
    /// them, which is not that of SQL. All of it is meant to run in a transaction.
    ///
    /// - Parameters:
    ///   - name: The database's name.
    ///   - withRoles: Whether the roles that the dumped one knew are there.
    func properties(of name: String, withRoles: Bool) -> [[String]] {
        guard let properties else { return [] }
        let database = SetupSQL.identifier(name)
        var steps: [[String]] = []
        if properties.connectionLimit >= 0 {
            steps.append(["ALTER DATABASE \(database) CONNECTION LIMIT \(properties.connectionLimit)"])
        }
        if let comment = properties.comment {
            steps.append(["COMMENT ON DATABASE \(database) IS \(SetupSQL.literal(comment))"])
        }
        for setting in properties.settings where withRoles || setting.role == nil {
            let name = setting.name.split(separator: ".").map { SetupSQL.identifier(String($0)) }.joined(separator: ".")
            let whose = setting.role.map { "ROLE \(SetupSQL.identifier($0)) IN DATABASE" } ?? "DATABASE"
            steps.append([
                "SELECT pg_catalog.set_config(\(SetupSQL.literal(setting.name)), \(SetupSQL.literal(setting.value)), true)",
                "ALTER \(whose) \(database) SET \(name) FROM CURRENT",
            ])
        }
        guard withRoles else { return steps }
        // Before the owner: who is no superuser may give rights only on what is still theirs.
        if let privileges = properties.privileges {
            var grants = ["REVOKE ALL ON DATABASE \(database) FROM PUBLIC"]
            grants += privileges.filter { $0.role != properties.owner }.map { privilege in
                let role = privilege.role.map(SetupSQL.identifier) ?? "PUBLIC"
                let option = privilege.isGrantable ? " WITH GRANT OPTION" : ""
                return "GRANT \(privilege.privilege) ON DATABASE \(database) TO \(role)\(option)"
            }
            steps.append(grants)
        }
        steps.append(["ALTER DATABASE \(database) OWNER TO \(SetupSQL.identifier(properties.owner))"])
        return steps
    }
}
