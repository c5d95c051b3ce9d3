extension EnglishHealthCatalogue {
    /// Whether the backups were proved to be good.
    func proofs(_ fact: HealthFact) -> HealthText {
        switch fact {
        case .verifyFailed(let damage, let age):
            HealthText(
                what: "verify found \(HumanText.count(damage.objects, "damaged or missing object")) \(ago(age))",
                meaning: damage.backups == 0
                    ? "no backup needs them" : "\(HumanText.count(damage.backups, "backup")) can't be restored whole",
                next: DamageKind.advice(on: damage.kinds)
            )
        case .verifyNever:
            HealthText(
                what: "the repository has never been verified",
                meaning: "whether its bytes are still right is not known",
                next: "Run: recyclicctl verify all"
            )
        case .verifyAge(let age):
            HealthText(
                what: "the repository was last verified \(ago(age))",
                meaning: "damage since then would not have been noticed",
                next: "Run: recyclicctl verify all"
            )
        case .drillFailed(let id, let age, let reason):
            HealthText(
                what: "the drill of backup '\(id)' failed \(ago(age))\(reason.map { ": \($0)" } ?? "")",
                meaning: "a real restore of it would most likely fail, too",
                next: "Run: recyclicctl drill show, then recyclicctl trigger-backup and recyclicctl drill"
            )
        case .drillCannotJudge(let id, let age, let reason):
            HealthText(
                what: "the drill of backup '\(id)' could not judge it \(ago(age))\(reason.map { ": \($0)" } ?? "")",
                meaning: "the backup may be good, it is not proved",
                next: "Run: recyclicctl doctor, mend what it names, then recyclicctl drill"
            )
        case .drillNever:
            HealthText(
                what: "no restore has ever been rehearsed",
                meaning: "whether a backup gives a running database is not proved",
                next: "Run: recyclicctl drill"
            )
        case .drillAge(let age):
            HealthText(
                what: "the last rehearsed restore that passed was \(ago(age))",
                meaning: "whether today's backups give a running database is not proved",
                next: "Run: recyclicctl drill"
            )
        case .objectiveMissed(let taken, let limit, let age):
            HealthText(
                what: "the restore in the last drill that passed took \(HumanText.duration(taken)) "
                    + "(objective \(HumanText.duration(limit)); \(ago(age)))",
                meaning: "after a damage the database would be away for longer than agreed",
                next: "Run: recyclicctl drill show, for the time of each phase, then recyclicctl drill on a faster disk"
            )
        default: preconditionFailure("\(fact.code) is not about proofs")
        }
    }
}
