package import Foundation

/// Which backups a scheduled drill restores. Pure.
package enum DrillChoice {
    /// After how long the dumps beside base backups are rehearsed again.
    package static let dumpInterval: TimeInterval = 28 * 86_400

    /// What is known of a backup.
    package struct Candidate: Sendable, Hashable {
        /// Its id.
        package var id: String
        /// The database of a dump.
        package var database: String?
        /// Whether it is a dump.
        package var isDump: Bool
        /// The system identifier of the server that it is of.
        package var cluster: String

        package init(id: String, cluster: String, database: String? = nil, isDump: Bool) {
            self.id = id
            self.cluster = cluster
            self.database = database
            self.isDump = isDump
        }
    }

    /// Chooses: the newest base backup where base backups protect, and once in four weeks one dump besides; where dumps protect, one
    /// dump. It is the newest dump of the database whose dumps were rehearsed longest ago, or never.
    ///
    /// - Parameters:
    ///   - backups: All backups, oldest first.
    ///   - cluster: The server that is protected: dumps of others, whose databases may have the same names, prove nothing of it;
    ///     `nil` while it was never seen.
    ///   - drilled: When each backup was last drilled, as far as is remembered.
    ///   - wanted: The databases that dumps are taken of; `nil` for all that there are dumps of.
    ///   - method: What protects.
    ///   - now: The time.
    package static func targets(
        _ backups: [Candidate],
        cluster: String?,
        drilled: [String: Date],
        wanted: [String]?,
        method: BackupMethodDecision.Method,
        now: Date
    ) -> [String] {
        var newest: [String: Candidate] = [:]
        var lastDrill: [String: Date] = [:]
        for backup in backups where backup.isDump && (cluster == nil || backup.cluster == cluster) {
            guard let database = backup.database, wanted?.contains(database) ?? true else { continue }
            newest[database] = backup
            if let date = drilled[backup.id] { lastDrill[database] = max(date, lastDrill[database] ?? date) }
        }
        let stalest = newest.min { left, right in
            let (first, second) = (lastDrill[left.key] ?? .distantPast, lastDrill[right.key] ?? .distantPast)
            return first == second ? left.key < right.key : first < second
        }
        guard method == .base, let base = backups.last(where: { !$0.isDump }) else {
            return stalest.map { [$0.value.id] } ?? []
        }
        let last = lastDrill.values.max() ?? .distantPast
        guard let stalest, now.timeIntervalSince(last) >= dumpInterval else { return [base.id] }
        return [base.id, stalest.value.id]
    }
}
