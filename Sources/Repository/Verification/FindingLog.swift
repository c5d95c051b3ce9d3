import Synchronization

/// Gathers what the threads of a verification find.
final class FindingLog: Sendable {
    private struct Finding {
        var reason: String
        var affects: Set<BackupID> = []
        var isMendable = false
    }

    private struct State {
        var damaged: [String: Finding] = [:]
        var missing: [String: Finding] = [:]
        var notes: [String] = []
        var checkedObjects: Int64 = 0
        var checkedBytes: Int64 = 0
        var skippedObjects: Int64 = 0
    }

    private let state = Mutex(State())
    private let onVerified: @Sendable (ListedObject) -> Void

    init(onVerified: @escaping @Sendable (ListedObject) -> Void) {
        self.onVerified = onVerified
    }

    /// An object is damaged; of several reasons the first is kept.
    func damaged(_ name: String, _ reason: String, affects: BackupID? = nil, isMendable: Bool = false) {
        state.withLock { state in
            var finding = state.damaged[name] ?? Finding(reason: reason, isMendable: isMendable)
            if let affects { finding.affects.insert(affects) }
            state.damaged[name] = finding
        }
    }

    /// An object or chunk is not there.
    func missing(_ name: String, _ reason: String, affects: BackupID? = nil) {
        state.withLock { state in
            var finding = state.missing[name] ?? Finding(reason: reason)
            if let affects { finding.affects.insert(affects) }
            state.missing[name] = finding
        }
    }

    /// Something worth knowing.
    func note(_ text: String) {
        state.withLock { $0.notes.append(text) }
    }

    /// An object was read; `isGood` when later verifications may rely on that.
    func checked(_ object: ListedObject, isGood: Bool) {
        state.withLock { state in
            state.checkedObjects += 1
            state.checkedBytes += object.size
            // Inside the lock: the callback is promised to be called once at a time.
            if isGood { onVerified(object) }
        }
    }

    /// An object needed no reading.
    func skipped() {
        state.withLock { $0.skippedObjects += 1 }
    }

    /// All that was found.
    func report(backups: [BackupID]) -> VerifyReport {
        state.withLock { state in
            func list(_ findings: [String: Finding]) -> [DamagedObject] {
                findings.sorted { $0.key < $1.key }.map { name, finding in
                    DamagedObject(
                        name: name,
                        reason: finding.reason,
                        affects: finding.affects.sorted(),
                        isMendable: finding.isMendable
                    )
                }
            }
            var report = VerifyReport()
            report.checkedObjects = state.checkedObjects
            report.checkedBytes = state.checkedBytes
            report.skippedObjects = state.skippedObjects
            report.backups = backups
            report.damaged = list(state.damaged)
            report.missing = list(state.missing)
            report.notes = state.notes
            return report
        }
    }
}
