import Blocking
import Glibc
import PostgresClient
import Repository
import TestSupport

@testable import Protection

/// A repository in a temporary folder, and a server to back up into it.
final class BackupBench: Sendable {
    let server: PrivatePostgres
    let folder: TemporaryDirectory
    let repository: Repository

    init(_ change: (inout PrivatePostgres.Options) -> Void = { _ in }) throws {
        server = try PrivatePostgres(PrivatePostgres.Options(change))
        folder = try TemporaryDirectory()
        repository = try Repository.create(at: folder.path("repository"))
    }

    /// Makes a server and a repository without blocking a cooperative thread.
    static func started(
        _ change: @escaping @Sendable (inout PrivatePostgres.Options) -> Void = { _ in }
    ) async throws -> BackupBench {
        try await onThread("bench") { try BackupBench(change) }
    }

    /// How to reach the server over its socket as the superuser.
    var connection: ConnectionSettings {
        ConnectionSettings(
            host: server.socketDirectory,
            port: server.port,
            user: "postgres",
            database: "postgres"
        )
    }

    /// A request with few threads, as tests run side by side.
    func request(
        _ connection: ConnectionSettings? = nil,
        _ change: (inout BaseBackupRequest) -> Void = { _ in }
    ) -> BaseBackupRequest {
        var request = BaseBackupRequest(connection: connection ?? self.connection, ingest: IngestOptions(workers: 2))
        change(&request)
        return request
    }

    /// Takes a backup on a thread of its own.
    func backUp(
        _ request: BaseBackupRequest? = nil,
        to repository: Repository? = nil,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter? = nil
    ) async throws -> BaseBackupResult {
        let request = request ?? self.request()
        let repository = repository ?? self.repository
        return try await onThread("backup") {
            try BaseBackup(request, to: repository, cancellation: cancellation, progress: progress).run()
        }
    }

    /// Takes a backup that must fail.
    func failure(
        _ request: BaseBackupRequest? = nil,
        to repository: Repository? = nil,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter? = nil
    ) async -> (any Error)? {
        do {
            _ = try await backUp(request, to: repository, cancellation: cancellation, progress: progress)
            return nil
        } catch {
            return error
        }
    }

    /// How many manifests there are.
    func backupCount() throws -> Int { try repository.backups().count }

    /// Waits until a backup copies files, or a generous deadline has passed.
    static func waitUntilCopying(_ progress: ProgressMeter, bytes: Int64 = 1) {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let now = progress.snapshot
            if now.phase == "copying", now.bytesDone >= bytes { return }
            usleep(5_000)
        }
    }
}
