import Blocking
import Testing

@testable import PostgresClient

@Suite struct ConnectionSettingsTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let url: String
        var host = "db.example"
        var port = 5432
        var user = "recyclic"
        var password: String?
        var database = "shop"

        var testDescription: String { url }
    }

    static let examples = [
        Example(url: "postgresql://recyclic@db.example/shop"),
        Example(url: "postgres://recyclic:secret@db.example:5433/shop", port: 5433, password: "secret"),
        Example(url: "postgresql+psycopg2://recyclic:secret@db.example/shop", password: "secret"),
        Example(url: "postgresql://recyclic:p%40ss%2Fword@db.example/shop", password: "p@ss/word"),
        Example(url: "postgresql://recyclic:p@ss:w/o?r#d@db.example:5432/shop", password: "p@ss:w/o?r#d"),
        Example(url: "postgresql://recyclic:100%@db.example/shop", password: "100%"),
        Example(url: "postgresql://recyclic:100%zz%41@db.example/shop", password: "100%zz%41"),
        Example(url: "postgresql://recyclic:%ff@db.example/shop", password: "%ff"),
        Example(url: "postgresql://recyclic:é€@db.example/shop", password: "é€"),
        Example(url: "postgresql://recyclic:x@[::1]:6000/shop", host: "::1", port: 6000, password: "x"),
        Example(url: "postgresql://recyclic@/shop?host=/run/postgresql&port=5433", host: "/run/postgresql", port: 5433),
        Example(url: "postgresql://recyclic@%2Frun%2Fpostgresql/shop", host: "/run/postgresql"),
        Example(url: "postgresql://recyclic@db.example", database: "recyclic"),
        Example(url: "postgresql:///shop?user=recyclic&password=a%26b", host: "127.0.0.1", password: "a&b"),
        Example(url: "postgresql://db.example/shop?user=recyclic&password=p@q", password: "p@q"),
    ]

    @Test(arguments: examples)
    func `a URL is read, with passwords as people write them`(example: Example) throws {
        let settings = try ConnectionSettings(url: example.url)
        #expect(settings.host == example.host)
        #expect(settings.port == example.port)
        #expect(settings.user == example.user)
        #expect(settings.password?.revealed == example.password)
        #expect(settings.database == example.database)
    }

    @Test func `parameters of a URL are read`() throws {
        let url = "postgresql://u@h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=3&application_name=x"
        let settings = try ConnectionSettings(url: url)
        #expect(settings.sslMode == .verifyFull)
        #expect(settings.sslRootCertificate == "/etc/ca.pem")
        #expect(settings.connectTimeout == .seconds(3))
        #expect(settings.applicationName == "x")
    }

    @Test(arguments: [
        "recyclic:hunter2@h/d", "mysql://u:hunter2@h/d", "postgresql://u:hunter2@h:0/d", "postgresql://u:hunter2@h:x/d",
        "postgresql://u:hunter2@a,b/d", "postgresql://u:hunter2@h/d?sslmode=on", "postgresql://u:hunter2@h/d?sslmode=",
        "postgresql://u:hunter2@h/d?connect_timeout=soon", "postgresql://u:hunter2@h/d?tls=1", "postgresql://h/d",
        "postgresql://u:hunter2@[::1/d", "postgresql://u:hunter2@h:hunter2/d",
    ])
    func `a bad URL is refused without showing the password`(url: String) throws {
        let error = try #require(throws: PostgresError.self) { try ConnectionSettings(url: url) }
        #expect(error.kind == .invalidSettings)
        #expect(!error.description.contains("hunter2"))
        #expect(error.hint != nil)
    }

    @Test func `a password shows nowhere`() throws {
        let settings = try ConnectionSettings(url: "postgresql://u:hunter2@h/d")
        var dumped = ""
        dump(settings, to: &dumped)
        for text in [settings.description, String(reflecting: settings), "\(settings)", dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(settings.description == "u@h:5432/d")
    }
}
