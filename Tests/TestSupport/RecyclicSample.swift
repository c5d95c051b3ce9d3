import Foundation

/// The sample of the Recyclic application's database, made by `Tests/Demo/recyclic-sample.sql`.
package struct RecyclicSample: Sendable {
    /// The instant that the data are made for.
    package static let instant = "2026-11-22 12:00:00+00"

    /// The figures that the generator itself expects, by what it calls the semantics: `A`, `B` (six values each, in the order of
    /// the application's answer) and `C` (weight in, weight out).
    package let expected: [String: [String]]

    /// Fills an empty database.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - database: The database, which is created.
    ///   - tickets: How many tickets.
    ///   - asOf: The instant that the data are made for; `now` is one.
    ///   - hasExits: Whether lines can be exits, as since December 2025.
    /// - Throws: ``TestSupportError`` with psql's message.
    package static func make(
        in server: PrivatePostgres,
        database: String = "recyclic",
        tickets: Int,
        asOf: String = instant,
        hasExits: Bool = true
    ) throws -> RecyclicSample {
        if try server.psql("SELECT count(*) FROM pg_database WHERE datname = '\(database)'") == "0" {
            try server.execute("CREATE DATABASE \(database)")
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Demo/recyclic-sample.sql").path
        let output = try Program.check(
            server.binaries.path("psql"),
            [
                "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1",
                "--set=tickets=\(tickets)", "--set=as_of=\(asOf)", "--set=exit_col=\(hasExits ? 1 : 0)",
                "--file=\(file)", "--host", server.socketDirectory, "--port", "\(server.port)", "--username",
                "postgres",
                "--dbname", database,
            ],
            environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        )
        var expected: [String: [String]] = [:]
        for line in output.split(separator: "\n") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard let name = cells.first, ["A:", "B:", "C:"].contains(where: name.hasPrefix) else { continue }
            expected[String(name.prefix(1))] = Array(cells.dropFirst())
        }
        return RecyclicSample(expected: expected)
    }
}
