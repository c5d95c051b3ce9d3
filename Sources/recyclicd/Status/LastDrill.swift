import Repository
import State

/// Which drill counts for health. Pure.
enum LastDrill {
    /// Of the last drill of a base backup and the last one of a dump the one that says more against them: one that passed on a dump
    /// must not hide one that failed on a base backup, nor the other way round.
    ///
    /// - Parameter drills: Newest first.
    static func worst(of drills: [DrillRecord]) -> DrillRecord? {
        let last = BackupKind.allCases.compactMap { kind in
            drills.first { BackupID($0.backupID)?.kind == kind }
        }
        let newestFirst = (last.isEmpty ? Array(drills.prefix(1)) : last).sorted { $0.id > $1.id }
        return newestFirst.first { $0.verdict == .failed } ?? newestFirst.first { $0.verdict == .cannotJudge }
            ?? newestFirst.first
    }
}
