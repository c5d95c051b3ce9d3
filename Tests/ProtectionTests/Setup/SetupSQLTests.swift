import TestSupport
import Testing

@testable import Protection

@Suite("Setup SQL")
struct SetupSQLTests {
    @Test("Rights that are not asked for are there as comments")
    func optionalRights() throws {
        let all = try SetupSQL.render(role: "r", database: "d", features: Set(SetupFeature.allCases))
        let none = try SetupSQL.render(role: "r", database: "d", features: [])
        let grants = all.split(separator: "\n").filter { $0.hasPrefix("GRANT") && !$0.contains("CONNECT") }
        #expect(grants.count == 5)
        for grant in grants {
            #expect(none.contains("--   \(grant)\n"))
        }
        #expect(try !SetupSQL.render(role: "r", database: "d").contains("\nGRANT pg_monitor, pg_read_server_files"))
    }

    @Test("No password is in it, only how to set one")
    func password() throws {
        let text = try SetupSQL.render(role: "r", database: "d")
        #expect(text.contains("--   \\password \"r\""))
        #expect(!text.contains("PASSWORD '"))
    }

    @Test(
        "Names that PostgreSQL cannot have are refused",
        arguments: ["", String(repeating: "r", count: 64), "a\nb", "a\0b"]
    )
    func badNames(name: String) {
        #expect(throws: SetupSQL.NameError.self) { try SetupSQL.render(role: name, database: "d") }
        #expect(throws: SetupSQL.NameError.self) { try SetupSQL.render(role: "r", database: name) }
    }

    @Test("Run twice on a server, it makes a role that has exactly the rights asked for")
    func realServer() throws {
        let server = try PrivatePostgres()
        let names = [
            ("recyclic", "recyclic"), ("User", "select"), ("it's \"q\" \\ $recyclic$", "d\"b '%;--"), ("é", "ü"),
        ]
        for (role, database) in names {
            try server.execute("CREATE DATABASE \(SetupSQL.identifier(database))")
            let less = try SetupSQL.render(role: role, database: database, features: [])
            try server.execute(less, database: database)
            try server.execute(less, database: database)
            #expect(try rights(of: role, server, database) == "t|t|f|t|f|f|f|f|f")
            let more = try SetupSQL.render(role: role, database: database)
            try server.execute(more, database: database)
            try server.execute(more, database: database)
            #expect(try rights(of: role, server, database) == "t|t|f|t|t|t|f|t|t")
            let all = try SetupSQL.render(role: role, database: database, features: Set(SetupFeature.allCases))
            try server.execute(all, database: database)
            #expect(try rights(of: role, server, database) == "t|t|f|t|t|t|t|t|t")
        }
    }

    @Test("A role that is there already and may not log in gets what is missing")
    func existingRole() throws {
        let server = try PrivatePostgres()
        try server.execute("CREATE ROLE recyclic NOLOGIN")
        try server.execute(try SetupSQL.render(role: "recyclic", database: "postgres"))
        #expect(try rights(of: "recyclic", server, "postgres").hasPrefix("t|t|f|t|t"))
    }

    private func rights(of role: String, _ server: PrivatePostgres, _ database: String) throws -> String {
        let columns = [
            "rolcanlogin", "rolreplication", "rolsuper", "has_database_privilege(oid, current_database(), 'CONNECT')",
            "pg_has_role(oid, 'pg_monitor', 'USAGE')", "pg_has_role(oid, 'pg_read_all_data', 'USAGE')",
            "pg_has_role(oid, 'pg_read_server_files', 'USAGE')",
            "has_function_privilege(oid, 'pg_create_restore_point(text)', 'EXECUTE')",
            "has_function_privilege(oid, 'pg_switch_wal()', 'EXECUTE')",
        ]
        let query = "SELECT \(columns.joined(separator: ", ")) FROM pg_roles WHERE rolname = \(SetupSQL.literal(role))"
        return try server.psql(query, database: database)
    }
}
