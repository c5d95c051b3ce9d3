import TestSupport
import Testing

@testable import Configuration

@Suite("DATABASE_URL")
struct DatabaseURLTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        var user: String?
        var password: String?
        var host: String?
        var port: Int?
        var database: String?
        var testDescription: String { text }
    }

    static let cases: [Case] = [
        Case(text: "postgresql://u:p@h:5433/d", user: "u", password: "p", host: "h", port: 5433, database: "d"),
        Case(text: "postgres://u:p@h/d", user: "u", password: "p", host: "h", database: "d"),
        Case(text: "POSTGRESQL+psycopg2://u:p@h/d", user: "u", password: "p", host: "h", database: "d"),
        Case(text: "postgresql://u@h", user: "u", host: "h"),
        Case(text: "postgresql://h/d", host: "h", database: "d"),
        Case(text: "postgresql:///d", database: "d"),
        Case(text: "postgresql://"),
        Case(
            text: "postgresql://u:p@/d?host=/run/pg&port=5",
            user: "u",
            password: "p",
            host: "/run/pg",
            port: 5,
            database: "d"
        ),
        Case(text: "postgresql://u:p@[::1]:5/d", user: "u", password: "p", host: "::1", port: 5, database: "d"),
        Case(text: "postgresql://u:p@%2Frun%2Fpg/d", user: "u", password: "p", host: "/run/pg", database: "d"),
        // Passwords as they stand.
        Case(text: "postgresql://u:p@ss@h/d", user: "u", password: "p@ss", host: "h", database: "d"),
        Case(text: "postgresql://u:p/s@h/d", user: "u", password: "p/s", host: "h", database: "d"),
        Case(text: "postgresql://u:p@x/s@h:1/d", user: "u", password: "p@x/s", host: "h", port: 1, database: "d"),
        Case(text: "postgresql://u:p:s#?&=@h/d", user: "u", password: "p:s#?&=", host: "h", database: "d"),
        Case(text: "postgresql://u:p%@h/d", user: "u", password: "p%", host: "h", database: "d"),
        Case(text: "postgresql://u:50%zz@h/d", user: "u", password: "50%zz", host: "h", database: "d"),
        Case(text: "postgresql://u:é ü@h/d", user: "u", password: "é ü", host: "h", database: "d"),
        Case(text: "postgresql://u:@h/d", user: "u", host: "h", database: "d"),
        // Encoded ones.
        Case(text: "postgresql://u:p%40s%2F@h/d", user: "u", password: "p@s/", host: "h", database: "d"),
        Case(text: "postgresql://u:%ff@h/d", user: "u", password: "%ff", host: "h", database: "d"),
        Case(text: "postgresql://u:p@h/d?application_name=a@b", user: "u", password: "p", host: "h", database: "d"),
    ]

    @Test("Every part is found, whatever the password holds", arguments: cases)
    func parts(_ expected: Case) throws {
        let url = try DatabaseURL(expected.text)
        #expect(url.user == expected.user)
        #expect(url.password == expected.password)
        #expect(url.host == expected.host)
        #expect(url.port == expected.port)
        #expect(url.database == expected.database)
    }

    @Test(
        "What is no such URL is refused without showing any of it",
        arguments: [
            "", "h", "mysql://u:topsecret@h/d", "postgresql:/u:topsecret@h/d", "postgresql://u:topsecret@h:0/d",
            "postgresql://u:topsecret@h,i/d", "postgresql://u:topsecret@h:1:2/d", "postgresql://u:topsecret@[::1/d",
        ]
    )
    func refused(_ text: String) {
        let error = #expect(throws: DatabaseURL.Failure.self) { try DatabaseURL(text) }
        #expect(error?.reason.contains("topsecret") == false)
    }

    @Test("The URL fills in what POSTGRES_* leave out, and says so")
    func fillsIn() throws {
        let result = load("POSTGRES_USER=own\nDATABASE_URL=postgresql://own:pw@db:5433/data?sslmode=require&x=1\n")
        let postgres = try #require(result.settings?.postgres)
        #expect(postgres.user == "own")
        #expect(postgres.password?.revealed == "pw")
        #expect(postgres.host == "db")
        #expect(postgres.port == 5433)
        #expect(postgres.database == "data")
        #expect(postgres.sslMode == .require)
        #expect(result.value(.postgresHost)?.origin.description == "DATABASE_URL (/f:2)")
        #expect(result.findings.map(\.severity) == [.note])
    }

    @Test("The same password is no contradiction, written plainly or encoded")
    func samePassword() {
        #expect(load("POSTGRES_PASSWORD='p%40'\nDATABASE_URL=postgresql://u:p%40@h/d").findings == [])
        #expect(load("POSTGRES_PASSWORD='p@'\nDATABASE_URL=postgresql://u:p%40@h/d").findings == [])
        let alone = load("DATABASE_URL=postgresql://u:p%40@h/d")
        #expect(alone.findings.map(\.severity) == [.note])
        #expect(alone.settings?.postgres.password?.revealed == "p@")
    }

    @Test("Any text is read without a trap")
    func fuzz() {
        var random = SeededGenerator(seed: 3)
        let pieces = [
            "postgresql://", "@", ":", "/", "?", "=", "&", "%", "%41", "%f", "[", "]", "h", "é", "1", "#", "::1",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...12, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            _ = try? DatabaseURL("postgresql://" + text)
            _ = try? DatabaseURL(text)
        }
    }
}
