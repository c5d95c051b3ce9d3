import FoundationEssentials
import State

/// English: what status, `/healthz` and the log say.
package struct EnglishHealthCatalogue: HealthCatalogue {
    private let zone: TextZone

    /// - Parameter zone: Whose clock the times are told by.
    package init(zone: TextZone = .utc) {
        self.zone = zone
    }

    package func text(_ fact: HealthFact) -> HealthText {
        switch fact {
        case .stale(let age):
            HealthText(
                what: "nothing was measured for \(HumanText.duration(age))",
                meaning: "whether the data is protected now is not known, and what goes wrong is not noticed",
                next: "Run: recyclicctl status, which says why, and journalctl -u recyclicd -n 50"
            )
        case .repositoryUnusable(let trouble):
            HealthText(
                what: "the repository can't be used\(since(trouble.since)): \(trouble.message)",
                meaning: "nothing can be backed up or restored until it can",
                next: trouble.hint ?? "Run: recyclicctl doctor"
            )
        case .noBackup, .noRestorableBackup, .backupAge, .restorablePointAge, .lastBackupFailed, .checksumFindings,
            .dumpAge, .dumpIncomplete, .databaseLeftOut:
            backups(fact)
        case .verifyFailed, .verifyNever, .verifyAge, .drillFailed, .drillCannotJudge, .drillNever, .drillAge,
            .objectiveMissed:
            proofs(fact)
        case .databaseUnreachable, .diskSpace, .diskFilling, .retentionBlocked, .backupFromFuture, .clockJumped,
            .noOffsiteCopy, .stateNotPersistent, .alertDelivery:
            surroundings(fact)
        }
    }

    func ago(_ seconds: Double) -> String { "\(HumanText.duration(seconds)) ago" }

    func since(_ date: Date?) -> String {
        date.map { " since \(HumanText.time($0, secondsFromUTC: zone.secondsFromUTC($0)))" } ?? ""
    }

    private func backups(_ fact: HealthFact) -> HealthText {
        switch fact {
        case .noBackup(let age):
            HealthText(
                what: "no backup has ever succeeded"
                    + (age.map { " since recyclicd was first started \(ago($0))" } ?? ""),
                meaning: "if the database is damaged now, everything is lost",
                next: "Run: recyclicctl trigger-backup"
            )
        case .noRestorableBackup(let count):
            HealthText(
                what: "none of the \(HumanText.count(count, "backup")) can be restored whole",
                meaning: "if the database is damaged now, data is lost for good",
                next: "Run: recyclicctl trigger-backup, then recyclicctl verify all"
            )
        case .backupAge(let id, let age, let limit):
            HealthText(
                what: "the newest restorable backup, '\(id)', is \(HumanText.duration(age)) old "
                    + "(limit \(HumanText.duration(limit)))",
                meaning: loss(age),
                next: "Run: recyclicctl trigger-backup"
            )
        case .restorablePointAge(let id, let age, let limit):
            HealthText(
                what: "the newest restorable point, the end of backup '\(id)', is \(HumanText.duration(age)) old "
                    + "(limit \(HumanText.duration(limit)))",
                meaning: loss(age),
                next: "Run: recyclicctl trigger-backup, or set BACKUP_SCHEDULE to run more often"
            )
        case .lastBackupFailed(let failure, let age, let standing):
            HealthText(
                what: "the last backup failed \(ago(age)) (job \(failure.jobID)): \(failure.message)",
                meaning: meaning(standing),
                next: failure.hint ?? "Run: recyclicctl jobs show \(failure.jobID)"
            )
        case .checksumFindings(let id, let count, let age):
            HealthText(
                what: "the server found \(HumanText.count(count, "wrong checksum")) in its own files during backup "
                    + "'\(id)', \(ago(age))",
                meaning: "the database itself is damaged, and this backup holds the damage as it was",
                next: "Run: recyclicctl backups show \(id), check the disk, and keep an older backup: "
                    + "recyclicctl backups pin ID"
            )
        case .dumpAge(let database, let age, let limit, let isOnly):
            HealthText(
                what: (database.map { "the database '\($0)'" } ?? "any database") + " was "
                    + (age.map { "last dumped \(ago($0)) (limit \(HumanText.duration(limit)))" }
                        ?? "never dumped, though it should be"),
                meaning: isOnly
                    ? "if the database is damaged now, all of it is lost"
                    : "base backups protect it; without dumps it can't be taken to another version of PostgreSQL",
                next: "Run: recyclicctl trigger-backup --kind dump"
                    + (isOnly ? "" : ", or set DUMP_SCHEDULE=off if dumps are not wanted")
            )
        case .dumpIncomplete(let id, let database):
            HealthText(
                what: "the newest dump of the database '\(database)' is not whole: large objects are missing",
                meaning: "a restore from dump '\(id)' would not bring them back",
                next: "Run: recyclicctl backups show \(id) (it names the right that is missing)"
            )
        case .databaseLeftOut(let databases, let isOnly):
            leftOut(databases, isOnly: isOnly)
        default: preconditionFailure("\(fact.code) is not about backups")
        }
    }

    private func leftOut(_ databases: LeftOutDatabases, isOnly: Bool) -> HealthText {
        let named = databases.first
        let names = named.map { database in
            switch database.reason {
            case .closed: "'\(database.name)', which accepts no connections"
            case .forbidden(let role): "'\(database.name)', to which the role '\(role)' may not connect"
            }
        }
        let isOne = databases.count == 1
        let more = databases.count - named.count
        return HealthText(
            what: "dumps leave out \(isOne ? "the database " : HumanText.count(databases.count, "database") + ": ")"
                + names.joined(separator: "; ") + (more > 0 ? "; and \(more) more" : ""),
            meaning: isOnly
                ? "if \(isOne ? "it is" : "one of them is") damaged now, all of it is lost"
                : "base backups protect \(isOne ? "it" : "them"); without dumps \(isOne ? "it" : "they") can't be taken to "
                    + "another version of PostgreSQL",
            next: "Run in psql, as a superuser: \(named.map(\.statement).joined(separator: "; ")); then recyclicctl "
                + "trigger-backup --kind dump; or name in DUMP_DATABASES those that are to be dumped"
        )
    }

    private func meaning(_ standing: HealthFact.Standing) -> String {
        switch standing {
        case .backup(let id, let age): "backup '\(id)' (\(ago(age))) is still the newest restorable one"
        case .nothing: "there is no backup to fall back on"
        case .unknown: "which backups there are to fall back on can't be seen now"
        }
    }

    private func loss(_ age: Double) -> String {
        "if the database is damaged now, what was written in the last \(HumanText.duration(age)) is lost"
    }
}
