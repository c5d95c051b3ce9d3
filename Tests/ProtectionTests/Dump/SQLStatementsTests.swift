import Repository
import Testing

@testable import Protection

@Suite("A script of pg_dumpall")
struct SQLStatementsTests {
    @Test("is taken apart into its statements")
    func split() {
        let script = #"""
            --
            -- PostgreSQL database cluster dump; with 'quotes'
            --
            \restrict AbC'd
            SET standard_conforming_strings = on;
            CREATE ROLE "o'brien; drop";
            COMMENT ON ROLE "o'brien; drop" IS 'it''s; two
            \lines -- no comment';
            ALTER ROLE x SET search_path TO E'a\'b;', "c;d";
            CREATE TABLESPACE fast OWNER x LOCATION '/srv/fast';
            \unrestrict AbC'd

            """#
        let statements = SQLStatements.split(script)
        #expect(
            statements == [
                "SET standard_conforming_strings = on", #"CREATE ROLE "o'brien; drop""#,
                #"COMMENT ON ROLE "o'brien; drop" IS 'it''s; two"# + "\n" + #"\lines -- no comment'"#,
                #"ALTER ROLE x SET search_path TO E'a\'b;', "c;d""#,
                "CREATE TABLESPACE fast OWNER x LOCATION '/srv/fast'",
            ]
        )
        #expect(SQLStatements.split("") == [] && SQLStatements.split("--\n\n;;\n") == [])
        #expect(SQLStatements.split("SELECT 'open") == ["SELECT 'open"])
    }

    @Test(
        "makes no tablespace in a drill",
        arguments: [
            ("CREATE TABLESPACE fast OWNER x LOCATION '/srv/fast'", true),
            ("ALTER TABLESPACE fast SET (seq_page_cost=1)", true),
            ("GRANT CREATE ON TABLESPACE fast TO x", true), ("COMMENT ON TABLESPACE fast IS 'x'", true),
            ("CREATE ROLE tablespace", false), ("GRANT a TO b", false),
            ("ALTER ROLE x SET default_tablespace TO 'fast'", false),
        ]
    )
    func tablespaces(statement: String, isOne: Bool) {
        #expect(DumpDrill.isOfTablespaces(statement) == isOne)
    }

    @Test("leaves names of replaced databases short enough")
    func keptNames() {
        let time = UTCTime(secondsSinceEpoch: 1_795_000_000)
        #expect(DumpRestore.keptName("recyclic", at: time) == "recyclic_before_\(time.stamp)")
        let long = DumpRestore.keptName(String(repeating: "é", count: 31), at: time)
        #expect(long.utf8.count <= 63 && long.hasSuffix(time.stamp))
    }
}
