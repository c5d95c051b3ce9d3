import Repository
import Testing

@testable import Protection

@Suite("What pg_dump says")
struct ProgramMessagesTests {
    @Test("is kept with its details, each warning once, and not without end")
    func warnings() {
        let messages = ProgramMessages()
        for line in [
            "pg_dump: warning: could not resolve dependency loop among these items:", "pg_dump: detail: FUNCTION f",
            "pg_dump: detail: TABLE t", "WARNING:  database \"x\" has a collation version mismatch",
            "DETAIL:  The database was created using version 1.", "HINT:  Rebuild all.", "pg_dump: last words",
            "pg_dump: detail: of nothing", "WARNING:  database \"x\" has a collation version mismatch",
        ] { messages.add(line) }
        #expect(
            messages.warnings == [
                "could not resolve dependency loop among these items: FUNCTION f TABLE t",
                "database \"x\" has a collation version mismatch The database was created using version 1.",
            ]
        )
        #expect(messages.errors.isEmpty && messages.lostWarnings == 0)
        for number in 0..<1_000 {
            messages.add("pg_dump: warning: number \(number).")
            messages.add("pg_dump: detail: " + String(repeating: "x", count: 900))
            messages.add("pg_dump: detail: " + String(repeating: "y", count: 900))
        }
        #expect(messages.warnings.count == 20 && messages.lostWarnings == 982)
        #expect(messages.warnings.allSatisfy { $0.utf8.count <= 1_000 })
        let findings: [BackupManifest.Finding] = .warnings(of: "pg_dump", messages)
        #expect(findings.count == 21 && findings.allSatisfy(\.isRemark))
        #expect(findings.last?.message == "pg_dump warned of 982 more things")
        #expect(ProgramMessages.warning(in: "pg_dump: error: query failed: WARNING:  no") == nil)
    }

    @Test("of roles is compared with those that are needed, however the bytes come")
    func roles() {
        let script = """
            -- Roles
            CREATE ROLE a;
            ALTER ROLE a WITH SUPERUSER;
            CREATE ROLE "B ""b"";
            x";
            COMMENT ON ROLE a IS 'no CREATE ROLE d;
            ';
            CREATE ROLE postgres;
            CREATE ROLE \(String(repeating: "z", count: 1_000));
            CREATE ROLE c;
            """
        let needed: Set<String> = ["a", "B \"b\";\nx", "c", "d", "e"]
        for size in [1, 7, 4_096] {
            var roles = GlobalsRoles(looking: needed)
            let bytes = Array(script.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { roles.add($0) }
            }
            #expect(roles.missing == ["d", "e"], "\(size)")
        }
    }
}
