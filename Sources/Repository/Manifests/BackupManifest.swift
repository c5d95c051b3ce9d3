/// The object whose existence makes a backup exist: what it holds and all it needs.
package struct BackupManifest: Codable, Sendable, Equatable {
    /// The format's number.
    package var format: Int
    /// The repository's id.
    package var repository: String
    /// The backup's id.
    package var id: BackupID
    /// What it is a copy of; the same as in `id`.
    package var kind: BackupKind
    /// PostgreSQL's system identifier, in decimal.
    package var cluster: String
    /// The file name of the cluster's manifest before this one.
    package var previous: String?
    /// When the backup began.
    package var startedAt: UTCTime
    /// When PostgreSQL ended a base backup, by our clock, and when a dump's snapshot was taken: a restore brings back what
    /// was committed up to then. Absent in the manifests of older writers.
    package var stoppedAt: UTCTime?
    /// When all it needs was stored.
    package var finishedAt: UTCTime
    /// The name of the codec it was written with: `zstd`, `gzip`, `none`.
    package var codec: String
    /// Its files.
    package var table: Table
    /// How much was backed up and stored.
    package var sizes: Sizes
    /// The WAL that makes a base backup consistent; a dump has none.
    package var wal: WAL?
    /// What a dump is of; a base backup has none.
    package var dump: DumpFacts?
    /// What is known of the server.
    package var server: ServerFacts
    /// What was wrong with the source.
    package var findings: [Finding]
    /// The writer's name and version.
    package var tool: String

    /// Gives ``wal`` for an id of kind base, ``dump`` for one of kind dump.
    package init(
        repository: String,
        id: BackupID,
        cluster: String,
        previous: String?,
        startedAt: UTCTime,
        stoppedAt: UTCTime? = nil,
        finishedAt: UTCTime,
        codec: String,
        table: Table,
        sizes: Sizes,
        wal: WAL? = nil,
        dump: DumpFacts? = nil,
        server: ServerFacts,
        findings: [Finding],
        tool: String
    ) {
        format = RepositoryHeader.newestFormat
        self.repository = repository
        self.id = id
        kind = id.kind
        self.cluster = cluster
        self.previous = previous
        self.startedAt = startedAt
        self.stoppedAt = stoppedAt
        self.finishedAt = finishedAt
        self.codec = codec
        self.table = table
        self.sizes = sizes
        self.wal = wal
        self.dump = dump
        self.server = server
        self.findings = findings
        self.tool = tool
    }
}

extension BackupManifest {
    /// The file table.
    package struct Table: Codable, Sendable, Equatable {
        /// The chunk that lists the table's chunks.
        package var root: ChunkID
        /// How many entries it has, folders and links included.
        package var files: Int
        /// The sum of the files' sizes, in bytes.
        package var bytes: Int64

        package init(root: ChunkID, files: Int, bytes: Int64) {
            self.root = root
            self.files = files
            self.bytes = bytes
        }
    }

    /// How much was backed up, and what that added to the repository.
    package struct Sizes: Codable, Sendable, Equatable {
        /// The sum of the files' sizes, in bytes.
        package var logicalBytes: Int64
        /// The bytes of all objects that this backup added.
        package var addedBytes: Int64
        /// What its chunks and its WAL take, those that other backups need as well included: what it would take alone. A
        /// chunk that comes again counts again, save in the backup that stored it. Absent in the manifests of older writers.
        package var storedBytes: Int64?
        /// Chunks that were not known before.
        package var newChunks: Int64
        /// Those of them stored as deltas.
        package var deltaChunks: Int64
        /// All chunks of all files.
        package var chunks: Int64

        package init(
            logicalBytes: Int64,
            addedBytes: Int64,
            storedBytes: Int64? = nil,
            newChunks: Int64,
            deltaChunks: Int64,
            chunks: Int64
        ) {
            self.logicalBytes = logicalBytes
            self.addedBytes = addedBytes
            self.storedBytes = storedBytes
            self.newChunks = newChunks
            self.deltaChunks = deltaChunks
            self.chunks = chunks
        }
    }

    /// The WAL between a base backup's start and its consistent end.
    package struct WAL: Codable, Sendable, Equatable {
        /// The timeline.
        package var timeline: UInt32
        /// Where replay starts: `0/2000028`.
        package var startLSN: String
        /// Where the backup becomes consistent.
        package var endLSN: String
        /// The size of a segment, in bytes.
        package var segmentBytes: Int
        /// The segments, in order.
        package var objects: [WALObject]
        /// The history files of this timeline and its ancestors.
        package var histories: [WALObject]

        package init(
            timeline: UInt32,
            startLSN: String,
            endLSN: String,
            segmentBytes: Int,
            objects: [WALObject],
            histories: [WALObject]
        ) {
            self.timeline = timeline
            self.startLSN = startLSN
            self.endLSN = endLSN
            self.segmentBytes = segmentBytes
            self.objects = objects
            self.histories = histories
        }
    }

    /// A WAL file and the object that holds it.
    package struct WALObject: Codable, Sendable, Equatable {
        /// The WAL file's name.
        package var name: String
        /// The object's path below the cluster's folder: `wal/00000001-e3b0c442/…`.
        package var object: String
        /// The WAL file's size, before compression, in bytes.
        package var bytes: Int64

        package init(name: String, object: String, bytes: Int64) {
            self.name = name
            self.object = object
            self.bytes = bytes
        }
    }

    /// Something that was wrong with the source.
    package struct Finding: Codable, Sendable, Equatable {
        /// A stable word: `pageChecksum`, `largeObjectsLeftOut`, `rolesMissing`, `programWarning`.
        package var code: String
        /// What was found.
        package var message: String
        /// The file, relative to the data directory.
        package var path: String?
        /// The page's number in its segment file.
        package var block: UInt32?

        /// The word of a finding that is a program's remark.
        package static let remarkCode = "programWarning"

        /// Whether it is worth knowing, but the backup holds all that it should.
        package var isRemark: Bool { code == Self.remarkCode }

        package init(code: String, message: String, path: String? = nil, block: UInt32? = nil) {
            self.code = code
            self.message = message
            self.path = path
            self.block = block
        }
    }
}

extension BackupManifest {
    /// The findings by which the backup lacks something, or holds damage.
    package var defects: [Finding] { findings.filter { !$0.isRemark } }

    /// Everything beside chunks that this backup needs: segments and history files.
    package var walObjects: [WALObject] {
        wal.map { $0.objects + $0.histories } ?? []
    }

    /// The full object names of everything beside chunks that this backup needs.
    package var walObjectNames: [String] {
        walObjects.map { ObjectName.folder(ofCluster: cluster) + $0.object }
    }

    /// Reads a manifest and checks that it is what its name says.
    ///
    /// - Parameters:
    ///   - bytes: The object's bytes; their digest is not checked here.
    ///   - name: The object's name.
    /// - Throws: ``RepositoryError``: `damaged`, `unsupportedFormat`.
    package init(decoding bytes: [UInt8], name: String) throws {
        self = try RepositoryJSON.decode(BackupManifest.self, bytes, name: name)
        guard format <= RepositoryHeader.newestFormat else {
            throw RepositoryError(
                .unsupportedFormat,
                "backup '\(id)' has format \(format)",
                hint: "Install a newer recyclicd on this machine."
            )
        }
        guard let parts = ObjectName.manifestParts(name), parts.id == id, kind == id.kind,
            ObjectName.cluster(of: name) == cluster
        else { throw RepositoryError(.damaged, "'\(name)' is the manifest of another backup, '\(id)' of '\(cluster)'") }
        guard (wal != nil) == (kind == .base), (dump != nil) == (kind == .dump) else {
            throw RepositoryError(.damaged, "'\(name)' does not say what a backup of kind '\(kind.rawValue)' must")
        }
    }
}
