import FoundationEssentials
import Monitoring
import Protection
import Repository
import State

/// What the dumps in a repository come to. Pure.
struct DumpView {
    /// Dumps that are whole as far as the repository goes, and base backups; oldest first.
    let intact: [ListedBackup]
    /// What protects.
    let method: BackupMethodDecision.Method
    /// The databases that dumps are to be taken of; `nil` when that is not known yet.
    let wanted: [String]?
    /// The system identifier of the server that is protected: the repository may hold another's dumps of databases of the same
    /// names, such as those that a restore there took before it replaced something. `nil` while the server was never seen.
    let cluster: String?

    /// Whether a backup is no dump of another server.
    static func isOurs(_ backup: ListedBackup, cluster: String?) -> Bool {
        backup.id.kind == .base || cluster == nil || backup.summary.cluster == cluster
    }

    /// The newest dump of each database that is wanted.
    var newest: [String: ListedBackup] {
        var newest: [String: ListedBackup] = [:]
        for backup in intact where backup.id.kind == .dump && Self.isOurs(backup, cluster: cluster) {
            guard let database = backup.summary.database, wanted?.contains(database) ?? true else { continue }
            newest[database] = backup
        }
        return newest
    }

    /// The backup whose age counts: the newest base backup; where dumps protect, the dump of the database that was dumped longest
    /// ago, unless a base backup is newer still. Dumps count as well where base backups should be and none is.
    var restorable: ListedBackup? {
        let base = intact.last { $0.id.kind == .base }
        let dump = newest.values.min { ($0.summary.restorablePoint, $0.id) < ($1.summary.restorablePoint, $1.id) }
        guard method == .dump, let dump, let base else { return method == .base ? base ?? dump : dump ?? base }
        return base.summary.restorablePoint > dump.summary.restorablePoint ? base : dump
    }

    /// The newest dump that lacks something; of several the newest.
    var incomplete: ListedBackup? {
        newest.values.filter { $0.summary.defects > 0 }.max { $0.id < $1.id }
    }

    /// The dumps that should be there, for health.
    ///
    /// - Parameters:
    ///   - rule: When dumps are taken.
    ///   - since: Since when that is so.
    ///   - firstBackupSeconds: How long a first backup may take to come, where nothing else protects.
    func expected(_ rule: ScheduleRule, since: Date, firstBackupSeconds: Double) -> [HealthMeasurements.Dump] {
        guard method == .dump || rule != .off else { return [] }
        let limit = method == .dump ? firstBackupSeconds : Self.clearlyMissed(rule)
        let found = newest
        guard let wanted else {
            guard method == .base, found.isEmpty else { return [] }
            return [.init(database: nil, newest: nil, expectedSince: since, limitSeconds: limit, isOnly: false)]
        }
        return wanted.map { database in
            .init(
                database: database,
                newest: found[database]?.summary.restorablePoint.date,
                expectedSince: since,
                limitSeconds: limit,
                isOnly: method == .dump
            )
        }
    }

    /// What dumps leave out, for health.
    ///
    /// - Parameters:
    ///   - found: What the last dump job found that it could not dump.
    ///   - named: The databases that the configuration names, if it does: then no other is to be dumped.
    ///   - rule: When dumps are taken.
    func leftOut(_ found: LeftOutDatabases?, named: [String]?, _ rule: ScheduleRule) -> HealthMeasurements.LeftOut? {
        guard let found, !found.isEmpty, named == nil, method == .dump || rule != .off else { return nil }
        return .init(databases: found, isOnly: method == .dump)
    }

    /// An age that says that a run was missed and not made up for: the time between two runs, and a day.
    static func clearlyMissed(_ rule: ScheduleRule) -> Double {
        let day = 86_400.0
        switch rule {
        case .weekly: return 7 * day + day
        case .daily: return 2 * day
        case .everyHours(let hours): return Double(hours) * 3_600 + day
        case .hourly: return 3_600 + day
        case .everyMinutes(let minutes): return Double(minutes) * 60 + day
        case .off: return .infinity
        }
    }
}
