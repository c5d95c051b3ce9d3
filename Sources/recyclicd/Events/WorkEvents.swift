import FoundationEssentials
import Monitoring
import Protection
import Repository
import State

/// What is worth recording of what a job did. Pure.
enum WorkEvents {
    private struct StoredBackup: Encodable {
        var logicalBytes: Int64
        var addedBytes: Int64
        var durationSeconds: Double
        var digest: String
        var findings: Int
    }

    /// A backup exists. Its digest is kept here too: another memory than the repository's own of what was stored.
    ///
    /// - Parameters:
    ///   - manifest: What was stored.
    ///   - digest: The manifest's.
    ///   - seconds: How long it took.
    static func stored(_ manifest: BackupManifest, digest: Digest, seconds: Double) -> EventDraft {
        let sizes = manifest.sizes
        let database = manifest.dump.map { " of database \"\($0.database)\"" } ?? ""
        var message = "stored \(manifest.id)\(database): \(HumanText.size(sizes.logicalBytes)) in "
        message += "\(HumanText.duration(seconds)), added \(HumanText.size(sizes.addedBytes))"
        let findings = manifest.findings.count
        if manifest.kind == .dump {
            if let defect = manifest.defects.first {
                message += "; it is not whole: \(defect.message)"
            } else if let remark = manifest.findings.first {
                message += "; \(remark.message)"
            }
        } else if findings > 0 {
            message += "; the server found \(HumanText.count(findings, "wrong checksum")) in its own files"
        }
        return EventDraft(
            .backupStored,
            findings == 0 ? .info : manifest.kind == .dump ? .warning : .error,
            subject: manifest.id.description,
            message,
            details: try? JSONText(
                encoding: StoredBackup(
                    logicalBytes: sizes.logicalBytes,
                    addedBytes: sizes.addedBytes,
                    durationSeconds: seconds,
                    digest: digest.hex,
                    findings: findings
                )
            )
        )
    }

    private struct Damage: Encodable {
        var objects: [String]
        var backups: [String]
    }

    /// How many names an event carries at most.
    private static let maximumNames = 50

    /// What a verify run found that was not known, and what is known no more.
    ///
    /// - Parameters:
    ///   - before: Names of the objects known to be damaged before the run.
    ///   - after: The same after it.
    ///   - affected: The backups that need a damaged object.
    static func verified(before: Set<String>, after: Set<String>, affected: [String]) -> [EventDraft] {
        var drafts: [EventDraft] = []
        let (found, mended) = (after.subtracting(before).sorted(), before.subtracting(after).sorted())
        if !found.isEmpty {
            let known = after.count - found.count
            let more = known > 0 ? ", beside \(known) that \(known == 1 ? "was" : "were") known" : ""
            drafts.append(
                EventDraft(
                    .damageFound,
                    .error,
                    "verify found \(HumanText.count(found.count, "damaged or missing object"))\(more), "
                        + "affecting \(HumanText.count(affected.count, "backup"))",
                    details: try? JSONText(
                        encoding: Damage(
                            objects: Array(found.prefix(maximumNames)),
                            backups: Array(affected.prefix(maximumNames))
                        )
                    )
                )
            )
        }
        if !mended.isEmpty {
            let left =
                after.isEmpty
                ? "nothing is known to be damaged now"
                : HumanText.count(after.count, "damaged one is left", plural: "damaged ones are left")
            drafts.append(
                EventDraft(
                    .damageMended,
                    .info,
                    "\(HumanText.count(mended.count, "object")) that had been damaged or missing "
                        + "\(mended.count == 1 ? "is" : "are") so no more; \(left)",
                    details: try? JSONText(
                        encoding: Damage(objects: Array(mended.prefix(maximumNames)), backups: [])
                    )
                )
            )
        }
        return drafts
    }

    /// A drill came to a verdict.
    static func drilled(_ result: DrillResult, number: Int64) -> EventDraft {
        let name = "drill d\(number) of backup \(result.backup)"
        let reason = result.reasons.first.map { ": \($0)" } ?? ""
        let subject = result.backup.description
        switch result.verdict {
        case .passed:
            var message = "\(name) passed in \(HumanText.duration(result.seconds))"
            if let seconds = result.recoverySeconds {
                message += "; the server was running after \(HumanText.duration(seconds))"
            }
            return EventDraft(.drillPassed, .info, subject: subject, message)
        case .failed: return EventDraft(.drillFailed, .error, subject: subject, "\(name) failed\(reason)")
        case .cannotJudge:
            return EventDraft(.drillCannotJudge, .warning, subject: subject, "\(name) could not judge it\(reason)")
        }
    }

    private struct Removal: Encodable {
        var backups: [String]
        var freedBytes: Int64
    }

    /// Retention removed backups; `nil` when it removed none.
    static func removed(_ backups: [String], freedBytes: Int64) -> EventDraft? {
        guard !backups.isEmpty else { return nil }
        let freed = freedBytes > 0 ? ", and \(HumanText.size(freedBytes)) that had been given up before" : ""
        return EventDraft(
            .retentionRemoved,
            .info,
            "retention removed \(HumanText.count(backups.count, "backup"))\(freed)",
            details: try? JSONText(
                encoding: Removal(backups: Array(backups.sorted().prefix(maximumNames)), freedBytes: freedBytes)
            )
        )
    }
}
