package import Blocking
import PostgresClient
package import Repository

/// Takes a base backup: the whole cluster as it lies on the server's disk, and the WAL that makes it consistent.
///
/// One connection sends the files, another the WAL from before the first file on. What arrives goes straight into the
/// repository's chunks. At the end the server's own manifest is compared with what was stored, file by file; only then,
/// as the last step, the backup's manifest is written. Whatever goes wrong before leaves nothing but chunks that the next
/// run finds again.
package struct BaseBackup {
    /// The oldest PostgreSQL that backups are taken of: base backups of older ones don't come as one stream.
    static let oldestVersion = 15

    private let request: BaseBackupRequest
    private let repository: Repository
    private let cancellation: CancellationFlag
    private let progress: ProgressMeter?

    /// - Parameters:
    ///   - request: What to back up, and how.
    ///   - repository: Where to.
    ///   - cancellation: Ends the backup with `CancellationError`, within a second or so.
    ///   - progress: Told of the phases `connecting`, `checkpoint`, `copying`, `finishing`.
    package init(
        _ request: BaseBackupRequest,
        to repository: Repository,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter? = nil
    ) {
        self.request = request
        self.repository = repository
        self.cancellation = cancellation
        self.progress = progress
    }

    /// Runs the backup on the calling thread, which it blocks.
    ///
    /// - Throws: ``BackupError``, ``PostgresError``, ``RepositoryError``, ``TarError``, ``ServerManifestError``;
    ///   `CancellationError`.
    package func run() throws -> BaseBackupResult {
        let lock = try repository.lockForWriting(patience: request.lockPatience, cancellation: cancellation)
        defer { lock.release() }
        try repository.checkSpace(reserve: request.ingest.reservedBytes)
        // Set when the owner cancels and when the WAL connection fails, so that either ends what the other waits for.
        let halt = CancellationFlag()
        let relay = CancellationRelay(from: cancellation, to: halt)
        defer { relay.stop() }
        let run = BaseBackupRun(request: request, repository: repository, lock: lock, halt: halt, progress: progress)
        do {
            defer { run.stop() }
            return try run.run()
        } catch is CancellationError {
            // Halted: by the owner, or because the WAL connection failed.
            try cancellation.check()
            throw run.walError.map(BackupError.explaining) ?? CancellationError()
        } catch {
            throw BackupError.explaining(error)
        }
    }

    /// Refuses servers that can't be backed up.
    static func checkSource(_ connection: ReplicationConnection) throws {
        let refusal = try BackupError.refusal(
            of: connection.serverVersion,
            isStandby: connection.setting("in_hot_standby") == "on"
        )
        if let refusal { throw refusal }
        guard try connection.setting("wal_level") != "minimal" else {
            throw BackupError(
                "walLevelMinimal",
                "the server's wal_level is 'minimal', which base backups can't use",
                hint: "Run ALTER SYSTEM SET wal_level = 'replica'; then restart the server."
            )
        }
    }
}
