import Blocking
import Glibc
import PostgresClient
import Repository

/// One base backup while it runs: its connections, its session and what is known so far.
final class BaseBackupRun {
    let request: BaseBackupRequest
    let repository: Repository
    private let lock: RepositoryLock
    let halt: CancellationFlag
    private let progress: ProgressMeter?
    private let clock = ContinuousClock()

    private var session: IngestSession?
    private(set) var wal: WALCollector?

    init(
        request: BaseBackupRequest,
        repository: Repository,
        lock: RepositoryLock,
        halt: CancellationFlag,
        progress: ProgressMeter?
    ) {
        self.request = request
        self.repository = repository
        self.lock = lock
        self.halt = halt
        self.progress = progress
    }

    /// Why the WAL connection failed, if it did.
    var walError: (any Error)? { wal?.error }

    /// Ends all threads; needed after ``run()``, however it ended.
    func stop() {
        halt.cancel()
        session?.abort()
        wal?.join()
    }

    func run() throws -> BaseBackupResult {
        let begin = clock.now
        progress?.enter("connecting")
        let connection = try ReplicationConnection.connect(request.connection, cancellation: halt)
        try BaseBackup.checkSource(connection)
        let source = try BackupSource(connection)
        let names = try BackupNames(repository: repository, cluster: source.cluster, kind: .base, halt: halt)

        // Before the backup's start, for the WAL must be held from then on; and adopting orphans takes its time.
        let segments = makeSegmentStore(source)
        let wal = try openWAL(source, segments)
        self.wal = wal
        let comparison = FileComparison(folder: "\(repository.path)/tmp")
        let session = try IngestSession(
            repository: repository,
            lock: lock,
            options: request.ingest,
            previous: names.previousManifest,
            cancellation: halt,
            progress: progress
        ) { file in
            if !file.path.elementsEqual(ArchiveReceiver.manifestPath.utf8) { try comparison.addStored(file) }
        }
        self.session = session

        progress?.enter("checkpoint")
        let start = try connection.startBaseBackup(serverOptions)
        guard start.position.timeline == source.timeline else { throw BackupError.timelineChanged }
        segments.begin(at: start.position.position)
        wal.start()
        try checkSpace(forFirst: start.estimatedBytes)
        let started = clock.now

        progress?.enter("copying", bytesTotal: start.estimatedBytes)
        let receiver = ArchiveReceiver(session: session, comparison: comparison)
        while try connection.nextBaseBackupMessage({ try receiver.receive($0) }) != nil {}
        let end = try connection.finishBaseBackup()
        let serverManifest = try receiver.finish()
        wal.finish(at: end.position.position)
        let copied = clock.now

        progress?.enter("finishing")
        var facts = source.facts
        try ServerFactsCollector(connection: request.connection, cancellation: halt).complete(&facts)
        addTablespaces(start, to: &facts)
        var result = try session.finish()
        wal.join()
        if let error = wal.error { throw error }
        try check(comparison, serverManifest, source, start, end)

        let histories = try source.histories.map { try segments.put($0) }
        result.sizes.addedBytes += segments.storedBytes
        result.sizes.storedBytes = result.sizes.storedBytes.map { $0 + segments.storedBytes }
        let manifest = BackupManifest(
            repository: repository.id,
            id: names.id,
            cluster: source.cluster,
            previous: names.previousFile,
            startedAt: names.id.startedAt,
            stoppedAt: receiver.stoppedAt,
            finishedAt: .now,
            codec: request.ingest.codec.rawValue,
            table: result.table,
            sizes: result.sizes,
            wal: BackupManifest.WAL(
                timeline: source.timeline.rawValue,
                startLSN: start.position.position.description,
                endLSN: end.position.position.description,
                segmentBytes: Int(source.segmentBytes),
                objects: segments.objects,
                histories: histories
            ),
            server: facts,
            findings: Self.findings(end, start),
            tool: request.tool
        )
        try halt.check()
        let digest = try repository.writeManifest(manifest)
        return BaseBackupResult(
            manifest: manifest,
            digest: digest,
            durations: BaseBackupResult.Durations(
                start: begin.duration(to: started),
                copy: started.duration(to: copied),
                end: copied.duration(to: clock.now)
            )
        )
    }
}
