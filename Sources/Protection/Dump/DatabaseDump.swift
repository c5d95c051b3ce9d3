package import Blocking
import PostgresClient
package import Repository

/// Takes a dump of one database: what pg_dump writes in its custom format, not compressed, and the roles and tablespaces that
/// pg_dumpall writes, both straight from the programs' pipes into the repository.
///
/// The database's data, and what is recorded of it, is of one snapshot; roles and tablespaces are read afterwards, for
/// pg_dumpall knows no snapshot. As the last step the manifest is written; whatever goes
/// wrong before leaves nothing but chunks that the next run finds again.
package struct DatabaseDump {
    private let request: DumpRequest
    private let repository: Repository
    private let cancellation: CancellationFlag
    private let progress: ProgressMeter?

    /// - Parameters:
    ///   - request: What to dump, and how; the connection's database is the one.
    ///   - repository: Where to.
    ///   - cancellation: Ends the dump with `CancellationError`, and the programs and what the server does for them.
    ///   - progress: Told of the phases `connecting`, `dumping` and `finishing`.
    package init(
        _ request: DumpRequest,
        to repository: Repository,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter? = nil
    ) {
        self.request = request
        self.repository = repository
        self.cancellation = cancellation
        self.progress = progress
    }

    /// Runs the dump on the calling thread, which it blocks.
    ///
    /// - Throws: ``BackupError``, ``PostgresError``, ``RepositoryError``; `CancellationError`.
    package func run() throws -> DumpResult {
        let lock = try repository.lockForWriting(patience: request.lockPatience, cancellation: cancellation)
        defer { lock.release() }
        try repository.checkSpace(reserve: request.ingest.reservedBytes)
        do {
            return try DatabaseDumpRun(
                request: request,
                repository: repository,
                lock: lock,
                cancellation: cancellation,
                progress: progress
            ).run()
        } catch {
            try cancellation.check()
            throw BackupError.explaining(dumping: request.connection, error)
        }
    }
}
