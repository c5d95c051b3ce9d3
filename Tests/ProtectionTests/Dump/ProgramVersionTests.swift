import Testing

@testable import Protection

@Suite("What PostgreSQL's programs say")
struct ProgramVersionTests {
    @Test(
        "of their version is read",
        arguments: [
            ("pg_dump (PostgreSQL) 15.20 (Debian 15.20-1.pgdg12+1)\n", 15, "15.20"),
            ("pg_dump (PostgreSQL) 18beta2", 18, "18beta2"),
            ("pg_dump (PostgreSQL) 9.6.24", 9, "9.6.24"),
        ]
    )
    func version(output: String, major: Int, text: String) {
        let version = ProgramVersion(output: output)
        #expect(version?.major == major && version?.description == text)
    }

    @Test("of another kind is no version", arguments: ["", "pg_dump", "Error: no cluster", "pg_dump (PostgreSQL) new"])
    func none(output: String) {
        #expect(ProgramVersion(output: output) == nil)
    }

    @Test("of their errors is kept without what stands before it")
    func errors() {
        let messages = ProgramMessages()
        messages.add("pg_dump: warning: there are circular foreign-key constraints on this table:")
        messages.add("pg_dump: error: query failed: ERROR:  permission denied for table t")
        messages.add("pg_dump: detail: Query was: LOCK TABLE public.t IN ACCESS SHARE MODE")
        messages.add("pg_restore: error: could not execute query: ERROR:  role \"x\" does not exist")
        #expect(messages.errors == ["permission denied for table t", "role \"x\" does not exist"])
        #expect(messages.explanation == "permission denied for table t" && messages.lines.count == 4)
    }
}
