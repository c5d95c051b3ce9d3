import ControlAPI
import FoundationEssentials
import Repository

/// The report of a verification as the control interface gives it.
enum VerifyDescription {
    static func describe(
        _ report: FoundDamage,
        full: Bool,
        started: Date
    ) -> ControlAPI.VerifyReport {
        ControlAPI.VerifyReport(
            ok: report.isGood,
            full: full,
            startedAt: TimeFormat.text(started),
            durationSeconds: Date().timeIntervalSince(started),
            backups: report.backups.map(\.description),
            checkedObjects: report.checkedObjects,
            skippedObjects: report.skippedObjects,
            checkedBytes: report.checkedBytes,
            damaged: (report.damaged + report.missing).map {
                ControlAPI.DamagedObject(
                    name: $0.name,
                    reason: $0.reason,
                    affects: $0.affects.map(\.description)
                )
            },
            notes: report.notes
        )
    }
}
