package import PostgresClient
package import Repository

/// How a dump is to be restored.
package struct DumpRestoreOptions: Sendable {
    /// The server, as whom, and the name of the database that the dump becomes.
    package var connection: ConnectionSettings
    /// Whether a database of that name may be replaced; a dump of it is taken first.
    package var replaces = false
    /// Whether sessions in the database that is replaced are ended.
    package var endsSessions = false
    /// Whether everything is to belong to the role that restores, and nobody else gets any right.
    package var withoutOwners = false
    /// Whether everything is to lie where the server puts it by default, wherever it lay before.
    package var withoutTablespaces = false
    /// `POSTGRES_BIN_DIRECTORY`: where the client's programs are; `nil` looks for them.
    package var programs: String?
    /// The environment of this process.
    package var environment: [String: String] = [:]
    /// How the dump of what is replaced is stored.
    package var ingest = IngestOptions()
    /// The writer's name and version, for the manifest of that dump.
    package var tool = "recyclicd"

    package init(connection: ConnectionSettings) {
        self.connection = connection
    }
}
