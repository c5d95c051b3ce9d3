import Testing

@testable import PostgresClient

@Suite("What a program of PostgreSQL finds in its environment")
struct ProgramEnvironmentTests {
    @Test("goes with an argument that names the database, whatever its name, and how to notice a dead server")
    func argument() {
        var settings = ConnectionSettings(user: "recyclic", database: #"it's a \ db"#)
        settings.keepaliveIdle = .seconds(60)
        settings.tcpUserTimeout = .seconds(20)
        #expect(
            settings.databaseArgument
                == #"dbname='it\'s a \\ db' keepalives=1 keepalives_idle=60 keepalives_interval=20 "#
                + "keepalives_count=3 tcp_user_timeout=20000"
        )
    }

    @Test("is what makes it connect as we do, and nothing else of this process's own")
    func list() {
        var settings = ConnectionSettings(host: "/run/pg", port: 5433, user: "recyclic", database: "a b")
        settings.sslRootCertificate = "/etc/ours.crt"
        let ours = [
            "HOME": "/var/lib/recyclic", "PGPASSFILE": "/var/lib/recyclic/.pgpass", "PGSSLCERT": "/etc/client.crt",
            "PGSSLROOTCERT": "/etc/theirs.crt", "PGCLIENTENCODING": "LATIN1", "PG_COLOR": "always",
            "PGSERVICE": "other",
            "PGSERVICEFILE": "/x", "PGOPTIONS": "-c search_path=x", "PGDATESTYLE": "German", "PGHOST": "elsewhere",
            "PGTZ": "Asia/Tokyo", "PGGEQO": "off", "PG_TEST_TIMEOUT": "1", "SECRET_KEY": "geheim",
            "LD_PRELOAD": "/x.so",
        ]
        let lines = settings.environment(inheriting: ours)
        for line in [
            "HOME=/var/lib/recyclic", "PGPASSFILE=/var/lib/recyclic/.pgpass", "PGSSLCERT=/etc/client.crt",
            "PGSSLROOTCERT=/etc/ours.crt", "PGHOST=/run/pg", "PGPORT=5433", "PGUSER=recyclic", "PGDATABASE=a b",
            "PGOPTIONS=", "LC_ALL=C", "TZ=UTC",
        ] { #expect(lines.contains(line), "\(line)") }
        let names = Set(lines.map { String($0.prefix { $0 != "=" }) })
        #expect(names.count == lines.count)
        let unwanted = [
            "PGCLIENTENCODING", "PG_COLOR", "PGSERVICE", "PGSERVICEFILE", "PGDATESTYLE", "PGTZ", "PGGEQO",
            "PG_TEST_TIMEOUT", "SECRET_KEY", "LD_PRELOAD", "PGPASSWORD",
        ]
        for name in unwanted { #expect(!names.contains(name), "\(name)") }
    }
}
