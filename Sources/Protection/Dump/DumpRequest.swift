package import PostgresClient
package import Repository

/// Which databases to dump, and how.
package struct DumpRequest: Sendable {
    /// The server, and as whom.
    package var connection: ConnectionSettings
    /// What of the server is in no dump of this run, as the manifest is to tell: see ``DumpableDatabases/leftOut``; `nil` when
    /// nobody looked, as when just one database is dumped.
    package var leftOut: [String]?
    /// How to store.
    package var ingest: IngestOptions
    /// `POSTGRES_BIN_DIRECTORY`: where the client's programs are; `nil` looks for them.
    package var programs: String?
    /// The writer's name and version, for the manifest.
    package var tool: String
    /// How long to wait for another writer of the repository.
    package var lockPatience: Duration
    /// How long pg_dump waits for a table that somebody has locked.
    package var tableLockPatience: Duration
    /// The environment of this process; libpq's variables in it count for the programs as they do for us.
    package var environment: [String: String]

    /// - Parameters:
    ///   - connection: The server, and as whom.
    ///   - ingest: How to store.
    ///   - programs: Where the client's programs are.
    ///   - tool: The writer's name and version.
    ///   - environment: The environment of this process.
    package init(
        connection: ConnectionSettings,
        ingest: IngestOptions = IngestOptions(),
        programs: String? = nil,
        tool: String = "recyclicd",
        environment: [String: String] = [:]
    ) {
        self.connection = connection
        self.ingest = ingest
        self.programs = programs
        self.tool = tool
        self.environment = environment
        lockPatience = .seconds(60)
        tableLockPatience = .seconds(600)
    }
}
