import Blocking
import Glibc
import PostgresClient
import TestSupport
import Testing

@testable import Protection
@testable import Repository

@Suite("Base backups that fail")
struct BaseBackupFailureTests {
    /// A server whose backup takes some seconds, so that there is time to break it.
    private func slow() async throws -> (bench: BackupBench, request: BaseBackupRequest) {
        let bench = try await BackupBench.started { $0.listensOnTCP = true }
        return (bench, bench.request { $0.maximumRateKiB = 4_000 })
    }

    @Test("when cancelled, leave no backup, and the next run uses again what they stored")
    func cancel() async throws {
        let (bench, request) = try await slow()
        let (cancellation, progress) = (CancellationFlag(), ProgressMeter())
        async let failure = bench.failure(request, cancellation: cancellation, progress: progress)
        try await onThread("canceller") {
            BackupBench.waitUntilCopying(progress, bytes: 4 << 20)
            cancellation.cancel()
        }
        #expect(await failure is CancellationError)
        #expect(try bench.backupCount() == 0)
        // The server has let go of the slot and the backup.
        let deadline = ContinuousClock.now + .seconds(10)
        let question = "SELECT (SELECT count(*) FROM pg_replication_slots) + (SELECT count(*) FROM pg_stat_replication)"
        while try bench.server.psql(question) != "0", ContinuousClock.now < deadline { usleep(20_000) }
        #expect(try bench.server.psql(question) == "0")

        let result = try await bench.backUp()
        try ExtractedBackup(result.manifest, bench.repository).verify(bench.server.binaries)
    }

    @Test("when the server dies, say so, and succeed when it is back")
    func serverKilled() async throws {
        let (bench, request) = try await slow()
        let progress = ProgressMeter()
        async let failure = bench.failure(request, progress: progress)
        try await onThread("killer") {
            BackupBench.waitUntilCopying(progress)
            bench.server.kill()
        }
        let error = try #require(await failure as? any OperatorError)
        #expect(error.code == "connectionLost", "\(error)")
        #expect(error.message.hasPrefix("the connection to the server was lost during the backup"))
        #expect(error.hint != nil)
        #expect(try bench.backupCount() == 0)
        try await onThread("start") { try bench.server.start() }
        _ = try await bench.backUp()
        #expect(try bench.backupCount() == 1)
    }

    @Test("when the server is stopped, say so")
    func serverStopped() async throws {
        let (bench, request) = try await slow()
        let progress = ProgressMeter()
        async let failure = bench.failure(request, progress: progress)
        try await onThread("stopper") {
            BackupBench.waitUntilCopying(progress)
            try bench.server.stop()
        }
        let error = try #require(await failure as? any OperatorError)
        #expect(["connectionLost", "walEnded"].contains(error.code), "\(error)")
        #expect(try bench.backupCount() == 0)
    }

    @Test("when the connection is cut in the stream, say so", arguments: [100_000, 3_000_000])
    func cut(after bytes: Int) async throws {
        let bench = try await BackupBench.started { $0.listensOnTCP = true }
        let proxy = try StallingProxy(to: bench.server.port)
        proxy.cut(after: bytes)
        let connection = ConnectionSettings(port: proxy.port, user: "postgres", database: "postgres")
        let error = try #require(await bench.failure(bench.request(connection)) as? any OperatorError)
        #expect(error.code == "connectionLost", "\(error)")
        #expect(try bench.backupCount() == 0)
    }

    @Test("when the link falls silent, end by time-out")
    func silence() async throws {
        let bench = try await BackupBench.started { $0.listensOnTCP = true }
        let proxy = try StallingProxy(to: bench.server.port)
        proxy.stall(after: 2_000_000)
        var connection = ConnectionSettings(port: proxy.port, user: "postgres", database: "postgres")
        connection.livenessTimeout = .seconds(1)
        let error = try #require(await bench.failure(bench.request(connection)) as? any OperatorError)
        #expect(error.code == "timedOut", "\(error)")
        #expect(try bench.backupCount() == 0)
    }

    @Test("when the disk is full, name it, and leave a repository that goes on", arguments: [0, 1, 2, 3, 4, 5])
    func diskFull(after objects: Int) async throws {
        let bench = try await BackupBench.started()
        let store = FullDiskStore(bench.repository.store, room: objects)
        let repository = try Repository.open(at: bench.repository.path, store: store)
        let error = await bench.failure(to: repository)
        if let error {
            #expect((error as? any OperatorError)?.code == "diskFull", "\(error)")
            #expect((error as? any OperatorError)?.hint != nil)
            #expect(try bench.backupCount() == 0)
        } else {
            // It needs fewer objects than there was room for.
            #expect(objects >= 5)
        }
        let result = try await bench.backUp()
        try ExtractedBackup(result.manifest, bench.repository).verify(bench.server.binaries)
    }

    @Test("refuse a standby with a clear sentence")
    func standby() async throws {
        let bench = try await BackupBench.started()
        try bench.server.stop()
        let signal = "\(bench.server.dataDirectory)/standby.signal"
        close(open(signal, O_CREAT | O_WRONLY, 0o600))
        if let user = try ServerUser.find() { chown(signal, user.uid, user.gid) }
        try await onThread("start") { try bench.server.start() }
        let error = try #require(await bench.failure() as? BackupError)
        #expect(error.code == "serverIsStandby")
    }

    @Test("refuse a server without the WAL level they need")
    func walLevel() async throws {
        let bench = try await BackupBench.started { $0.settings = ["wal_level": "minimal", "max_wal_senders": "0"] }
        let error = try #require(await bench.failure() as? any OperatorError)
        #expect(["walLevelMinimal", "tooManyConnections"].contains(error.code), "\(error)")
    }

    @Test("say how to make room for the slot that holds their WAL")
    func noSlots() async throws {
        let bench = try await BackupBench.started { $0.settings = ["max_replication_slots": "0"] }
        let error = try #require(await bench.failure() as? any OperatorError)
        #expect(error.hint?.contains("max_replication_slots") == true)
    }

    @Test("name the right that the role lacks")
    func noRight() async throws {
        let bench = try await BackupBench.started()
        try bench.server.psql("CREATE ROLE plain LOGIN")
        var connection = bench.connection
        connection.user = "plain"
        let error = try #require(await bench.failure(bench.request(connection)) as? any OperatorError)
        #expect(error.code == "permissionDenied", "\(error)")
        #expect(error.hint?.contains("REPLICATION") == true, "\(error)")
    }

    @Test("wait for no other writer for ever")
    func locked() async throws {
        let bench = try await BackupBench.started { $0.startsAtOnce = false }
        let lock = try bench.repository.lockForWriting()
        defer { lock.release() }
        let error = await bench.failure(bench.request { $0.lockPatience = .milliseconds(50) })
        #expect((error as? RepositoryError)?.code == "repositoryLocked")
    }
}
