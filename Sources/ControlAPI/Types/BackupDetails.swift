/// All that is known of one backup; the fields are those of `BackupDetails` in the interface description.
package struct BackupDetails: Codable, Sendable, Hashable {
    package var backup: Backup
    package var previous: String?
    package var codec: String
    package var chunks: Int64
    package var newChunks: Int64
    package var deltaChunks: Int64
    package var wal: WALRange?
    package var dataChecksums: Bool
    package var databases: [DatabaseFacts]
    package var tablespaces: [TablespaceFacts]
    package var superusers: [String]
    package var notAvailable: [NotAvailable]
    package var configurationFiles: [String]

    package init(
        backup: Backup,
        previous: String? = nil,
        codec: String,
        chunks: Int64,
        newChunks: Int64,
        deltaChunks: Int64,
        wal: WALRange? = nil,
        dataChecksums: Bool,
        databases: [DatabaseFacts],
        tablespaces: [TablespaceFacts],
        superusers: [String],
        notAvailable: [NotAvailable],
        configurationFiles: [String]
    ) {
        self.backup = backup
        self.previous = previous
        self.codec = codec
        self.chunks = chunks
        self.newChunks = newChunks
        self.deltaChunks = deltaChunks
        self.wal = wal
        self.dataChecksums = dataChecksums
        self.databases = databases
        self.tablespaces = tablespaces
        self.superusers = superusers
        self.notAvailable = notAvailable
        self.configurationFiles = configurationFiles
    }
}
