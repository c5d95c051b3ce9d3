import Glibc
import PostgresClient
import Repository

extension BaseBackupRun {
    /// No database's files are stored in less than a tenth of their size.
    private static let bestCompression: Int64 = 10

    var serverOptions: BaseBackupOptions {
        var options = BaseBackupOptions()
        options.label = request.label
        options.maximumRateKiB = request.maximumRateKiB
        return options
    }

    /// Refuses a first backup that can't fit even if it compresses very well. What later ones add nobody knows before.
    func checkSpace(forFirst estimatedBytes: Int64) throws {
        var isFirst = true
        try repository.store.list(ObjectName.packs) { _ in isFirst = false }
        guard isFirst else { return }
        try repository.checkSpace(
            reserve: request.ingest.reservedBytes,
            adding: estimatedBytes / Self.bestCompression
        )
    }

    func makeSegmentStore(_ source: BackupSource) -> WALSegmentStore {
        let (repository, reserve) = (repository, request.ingest.reservedBytes)
        return WALSegmentStore(
            store: repository.store,
            cluster: source.cluster,
            timeline: source.timeline,
            history: source.histories.first { $0.fileName == source.timeline.historyFileName }?.content ?? [],
            segmentBytes: source.segmentBytes,
            codec: request.ingest.codec,
            level: request.ingest.level,
            checkSpace: { try repository.checkSpace(reserve: reserve) }
        )
    }

    /// Connects for the WAL, and makes the slot that holds it.
    func openWAL(_ source: BackupSource, _ segments: WALSegmentStore) throws -> WALCollector {
        let connection = try ReplicationConnection.connect(request.connection, cancellation: halt)
        let slot = "recyclic_base_\(getpid())_\(String(UInt32.random(in: .min ... .max), radix: 16))"
        try connection.createTemporaryPhysicalSlot(slot)
        // From here on the collector's thread alone uses the connection.
        nonisolated(unsafe) let handed = connection
        return WALCollector(
            connection: handed,
            slot: slot,
            segments: segments,
            timeline: source.timeline,
            liveness: request.connection.livenessTimeout,
            halt: halt
        )
    }

    /// Checks that what was stored is what the server says it sent.
    func check(
        _ comparison: FileComparison,
        _ manifest: ServerManifest,
        _ source: BackupSource,
        _ start: BaseBackupStart,
        _ end: BaseBackupEnd
    ) throws {
        let (first, count) = try comparison.differences()
        guard count == 0 else {
            throw BackupError(
                "backupMismatch",
                "\(count) files differ from the server's backup manifest: "
                    + first.map(\.description).joined(separator: ", "),
                hint: "Run the backup again; if it happens again, check this host's memory and the network."
            )
        }
        if let identifier = manifest.systemIdentifier, String(identifier) != source.cluster {
            throw BackupError("clusterChanged", "the server behind the address changed during the backup")
        }
        // Between a backup's start and end a primary stays on one timeline.
        let needed = WALRange(
            timeline: source.timeline,
            start: start.position.position,
            end: end.position.position
        )
        guard manifest.walRanges == [needed] else {
            throw BackupError(
                "backupMismatch",
                "the server's backup manifest names other WAL than \(needed.start) to \(needed.end)",
                hint: "Run the backup again."
            )
        }
    }

    /// Adds to the tablespaces that SQL could not tell about what the backup itself says.
    func addTablespaces(_ start: BaseBackupStart, to facts: inout ServerFacts) {
        for tablespace in start.tablespaces {
            guard let oid = tablespace.oid, let path = tablespace.path,
                !facts.tablespaces.contains(where: { $0.oid == oid })
            else { continue }
            facts.tablespaces.append(
                ServerFacts.TablespaceFacts(oid: oid, location: path, sizeBytes: tablespace.estimatedBytes)
            )
        }
    }

    /// The pages whose checksums are wrong, as the server reported them.
    static func findings(_ end: BaseBackupEnd, _ start: BaseBackupStart) -> [BackupManifest.Finding] {
        guard let damage = end.damage else { return [] }
        let tablespaces = start.tablespaces.reduce(into: [UInt32: String]()) { places, tablespace in
            if let oid = tablespace.oid { places[oid] = tablespace.path }
        }
        var findings: [BackupManifest.Finding] = []
        for notice in end.notices {
            guard let page = ChecksumNotice(message: notice.message, tablespaces: tablespaces) else { continue }
            findings.append(
                BackupManifest.Finding(
                    code: "pageChecksum",
                    message: notice.message,
                    path: page.path,
                    block: UInt32(clamping: page.block)
                )
            )
        }
        // Whatever the notices said, the server found damage, and that must not get lost.
        if findings.isEmpty { findings.append(BackupManifest.Finding(code: "pageChecksum", message: damage.message)) }
        return findings
    }
}
