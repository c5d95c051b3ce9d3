package import PostgresClient
package import Repository

/// What to back up, and how.
package struct BaseBackupRequest: Sendable {
    /// The server.
    package var connection: ConnectionSettings
    /// How to store.
    package var ingest: IngestOptions
    /// The backup's name in the server's backup_label.
    package var label: String
    /// How many KiB a second the server sends at most; `nil` for no bound.
    package var maximumRateKiB: Int?
    /// The writer's name and version, for the manifest.
    package var tool: String
    /// How long to wait for another writer of the repository.
    package var lockPatience: Duration

    /// - Parameters:
    ///   - connection: The server.
    ///   - ingest: How to store.
    ///   - tool: The writer's name and version, for the manifest.
    package init(connection: ConnectionSettings, ingest: IngestOptions = IngestOptions(), tool: String = "recyclicd") {
        self.connection = connection
        self.ingest = ingest
        self.tool = tool
        label = "recyclicd base backup"
        lockPatience = .seconds(60)
    }
}
