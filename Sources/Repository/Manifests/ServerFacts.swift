/// What is known of a PostgreSQL server at the time of a backup: what a restore, a drill and an operator need to know
/// of it when it is gone.
package struct ServerFacts: Codable, Sendable, Equatable {
    /// `server_version`: `15.20 (Debian 15.20-1.pgdg12+1)`.
    package var version: String
    /// `server_version_num`: 150020.
    package var versionNumber: Int
    /// The cluster's system identifier, in decimal.
    package var systemIdentifier: String
    /// The timeline at the backup's start.
    package var timeline: UInt32
    /// Whether data pages carry checksums.
    package var dataChecksums: Bool
    /// The size of a page, in bytes.
    package var blockSize: Int
    /// The size of a WAL segment, in bytes.
    package var walSegmentBytes: Int
    /// The C library that sorts the server's texts, as far as it can be known: `glibc 2.36`.
    package var libcVersion: String?
    /// All databases, templates included.
    package var databases: [DatabaseFacts]
    /// Tablespaces other than the two built in.
    package var tablespaces: [TablespaceFacts]
    /// Names of the superusers that may log in.
    package var superusers: [String]
    /// Settings that a recovery must match or needs, by name, as `SHOW` prints them: `max_connections`,
    /// `max_worker_processes`, `max_wal_senders`, `max_prepared_transactions`, `max_locks_per_transaction`,
    /// `shared_preload_libraries` and others.
    package var settings: [String: String]
    /// Configuration files that lie outside the data directory, or could be read through SQL.
    package var configurationFiles: [ConfigurationFile]
    /// What could not be found out, and the right that was missing.
    package var notAvailable: [MissingFact]

    package init(
        version: String,
        versionNumber: Int,
        systemIdentifier: String,
        timeline: UInt32,
        dataChecksums: Bool,
        blockSize: Int,
        walSegmentBytes: Int,
        libcVersion: String? = nil,
        databases: [DatabaseFacts] = [],
        tablespaces: [TablespaceFacts] = [],
        superusers: [String] = [],
        settings: [String: String] = [:],
        configurationFiles: [ConfigurationFile] = [],
        notAvailable: [MissingFact] = []
    ) {
        self.version = version
        self.versionNumber = versionNumber
        self.systemIdentifier = systemIdentifier
        self.timeline = timeline
        self.dataChecksums = dataChecksums
        self.blockSize = blockSize
        self.walSegmentBytes = walSegmentBytes
        self.libcVersion = libcVersion
        self.databases = databases
        self.tablespaces = tablespaces
        self.superusers = superusers
        self.settings = settings
        self.configurationFiles = configurationFiles
        self.notAvailable = notAvailable
    }
}

extension ServerFacts {
    /// One database.
    package struct DatabaseFacts: Codable, Sendable, Equatable {
        /// Its name.
        package var name: String
        /// Its object id: the folder below `base/`.
        package var oid: UInt32
        /// `pg_database_size`, in bytes; absent without the right to ask.
        package var sizeBytes: Int64?
        /// Its encoding: `UTF8`.
        package var encoding: String
        /// `datcollate`.
        package var collate: String
        /// `datctype`.
        package var ctype: String
        /// The provider of its collation: `libc`, `icu` or `builtin`.
        package var provider: String
        /// The locale of an ICU or built-in provider.
        package var icuLocale: String?
        /// The rules that change an ICU locale's order, where it has some (`daticurules`, from 16 on); of a dump's database only.
        package var icuRules: String?
        /// The version of its collation when it was made or last refreshed (`datcollversion`).
        package var collationVersion: String?
        /// `datallowconn`.
        package var allowConnections: Bool
        /// `datistemplate`.
        package var isTemplate: Bool
        /// The extensions in it, where it could be asked; absent otherwise.
        package var extensions: [ExtensionFacts]?

        package init(
            name: String,
            oid: UInt32,
            sizeBytes: Int64? = nil,
            encoding: String,
            collate: String,
            ctype: String,
            provider: String,
            icuLocale: String? = nil,
            collationVersion: String? = nil,
            allowConnections: Bool,
            isTemplate: Bool,
            extensions: [ExtensionFacts]? = nil
        ) {
            self.name = name
            self.oid = oid
            self.sizeBytes = sizeBytes
            self.encoding = encoding
            self.collate = collate
            self.ctype = ctype
            self.provider = provider
            self.icuLocale = icuLocale
            self.collationVersion = collationVersion
            self.allowConnections = allowConnections
            self.isTemplate = isTemplate
            self.extensions = extensions
        }
    }

    /// An extension in a database.
    package struct ExtensionFacts: Codable, Sendable, Equatable {
        /// Its name.
        package var name: String
        /// Its installed version.
        package var version: String

        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    /// A tablespace.
    package struct TablespaceFacts: Codable, Sendable, Equatable {
        /// Its object id: the link's name in `pg_tblspc`.
        package var oid: UInt32
        /// Its name, where known.
        package var name: String?
        /// Where it lies on the server.
        package var location: String
        /// Its size in bytes, where known.
        package var sizeBytes: Int64?

        package init(oid: UInt32, name: String? = nil, location: String, sizeBytes: Int64? = nil) {
            self.oid = oid
            self.name = name
            self.location = location
            self.sizeBytes = sizeBytes
        }
    }

    /// A configuration file with its text.
    package struct ConfigurationFile: Codable, Sendable, Equatable {
        /// Its path on the server.
        package var path: String
        /// Its text.
        package var content: String

        package init(path: String, content: String) {
            self.path = path
            self.content = content
        }
    }

    /// Something that could not be found out.
    package struct MissingFact: Codable, Sendable, Equatable {
        /// What is missing: `configurationFiles`.
        package var feature: String
        /// The statement that gives the right: `GRANT pg_monitor TO recyclic`.
        package var grant: String

        package init(feature: String, grant: String) {
            self.feature = feature
            self.grant = grant
        }
    }
}
