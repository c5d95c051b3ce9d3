import PostgresClient
import Testing

@testable import recyclicd

@Suite("Where a dump is restored to")
struct TargetURLTests {
    private static let configured: ConnectionSettings = {
        var settings = ConnectionSettings(
            host: "db",
            port: 5433,
            user: "recyclic",
            password: Password("geheim"),
            database: "recyclic"
        )
        settings.sslMode = .require
        return settings
    }()

    @Test("is a URL, the configured server with another database, or what a variable says")
    func read() throws {
        let whole = try TargetURL.connection("postgresql://u:p@h:1234/d", configured: Self.configured, environment: [:])
        #expect(whole.host == "h" && whole.port == 1234 && whole.user == "u" && whole.database == "d")
        let same = try TargetURL.connection("postgresql:///my%20copy", configured: Self.configured, environment: [:])
        #expect(same.host == "db" && same.sslMode == .require && same.database == "my copy")
        #expect(same.password == Password("geheim"))
        let hidden = try TargetURL.connection("env:URL", configured: nil, environment: ["URL": "postgres://u@h/d"])
        #expect(hidden.user == "u" && hidden.applicationName == "recyclicd restore")
    }

    @Test(
        "is refused without showing the URL",
        arguments: ["postgresql:///x", "env:URL", "recyclic", "http://u:geheim@h/d"]
    )
    func refused(text: String) {
        let error = #expect(throws: PostgresError.self) {
            try TargetURL.connection(text, configured: nil, environment: [:])
        }
        #expect(error?.kind == .invalidSettings && error?.message.contains("geheim") == false)
    }
}
