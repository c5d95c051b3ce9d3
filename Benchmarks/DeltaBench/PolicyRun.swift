import Blocking
import Foundation
import PostgresClient
import Protection
import Repository

/// One delta policy's repository through the days.
final class PolicyRun {
    /// 2026-01-01, a Thursday: the first day. The machine's own clock plays no part in what is kept.
    private static let firstDay = Date(timeIntervalSince1970: 1_767_225_600 + 3600 * 2)

    let argument: PolicyArgument
    private let repository: Repository
    private let folder: String
    private let connection: ConnectionSettings
    private var dayByID: [String: Int] = [:]

    /// What each day's backup added to the repository, in bytes.
    private(set) var added: [Int64] = []
    /// What each day's backup took.
    private(set) var backups: [Measurement] = []
    /// What restores of the newest backup took, by day.
    private(set) var restores: [Int: Measurement] = [:]
    /// The repository's bytes after each day.
    private(set) var stored: [Int64] = []
    /// How many backups there are.
    private(set) var kept = 0

    init(_ argument: PolicyArgument, folder: String, connection: ConnectionSettings) throws {
        self.argument = argument
        self.folder = folder
        self.connection = connection
        repository = try Repository.create(at: folder + "/" + argument.name.replacing(":", with: "-"))
    }

    /// Backs up, deletes what 7 daily, 4 weekly and 12 monthly don't keep, and collects garbage.
    func take(day: Int) throws {
        let request = BaseBackupRequest(connection: connection, ingest: IngestOptions(deltas: argument.policy))
        let (result, measurement) = try Measurement.measure { try BaseBackup(request, to: repository).run() }
        dayByID[result.id.description] = day
        added.append(result.manifest.sizes.addedBytes)
        backups.append(measurement)
        try retain(day: day)
        stored.append(try storedBytes())
    }

    private func date(day: Int) -> Date {
        Self.firstDay.addingTimeInterval(Double(day - 1) * 86_400)
    }

    private func retain(day: Int) throws {
        let lock = try repository.lockForWriting()
        defer { lock.release() }
        let backups = try repository.backups()
        let decisions = RetentionPlan.make(
            backups: backups.map {
                RetentionCandidate(
                    id: $0.id.description,
                    cluster: $0.summary.cluster,
                    startedAt: date(day: dayByID[$0.id.description] ?? 1)
                )
            },
            policy: .standard,
            now: date(day: day),
            timeZone: .gmt
        )
        let removed = Set(decisions.filter { !$0.keep }.map(\.backupID))
        for backup in backups where removed.contains(backup.id.description) {
            try repository.addMark(.delete, to: backup.summary, by: "retention")
        }
        kept = backups.count - removed.count
        // A day passes between two runs, so each sweeps what the one before buried.
        let now = UTCTime.now.adding(seconds: Int64(day) * 86_401)
        _ = try GarbageCollector(repository, lock: lock, now: now).run()
    }

    /// Restores the newest backup several times, and keeps the time of the quickest.
    func restore(day: Int) throws {
        let target = folder + "/restored"
        for _ in 0..<3 {
            defer { try? FileManager.default.removeItem(atPath: target) }
            let (_, measurement) = try Measurement.measure {
                let manifest = try repository.manifest(named: "latest")
                let contents = try BackupContents(repository: repository, manifest: manifest)
                let restore = Restore(contents, options: RestoreOptions(target: target))
                _ = try restore.perform(restore.plan(), cancellation: CancellationFlag(), progress: ProgressMeter())
            }
            if let best = restores[day], best.processor <= measurement.processor { continue }
            restores[day] = measurement
        }
    }

    private func storedBytes() throws -> Int64 {
        var sum: Int64 = 0
        for prefix in ["packs/", "index/", "clusters/", "tombstones/"] {
            try repository.store.list(prefix) { sum += $0.size }
        }
        return sum
    }
}
