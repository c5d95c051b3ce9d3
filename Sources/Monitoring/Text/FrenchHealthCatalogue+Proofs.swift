extension FrenchHealthCatalogue {
    /// Whether the backups were proved to be good.
    func proofs(_ fact: HealthFact) -> HealthText {
        switch fact {
        case .verifyFailed(let damage, let age):
            text(
                "la vérification a trouvé \(FrenchText.count(damage.objects, "objet endommagé ou manquant", "objets endommagés ou manquants")) \(ago(age))",
                damage.backups == 0
                    ? "aucune sauvegarde n'en a besoin"
                    : "\(FrenchText.count(damage.backups, "sauvegarde ne peut pas être restaurée entièrement", "sauvegardes ne peuvent pas être restaurées entièrement"))",
                advice(on: damage.kinds)
            )
        case .verifyNever:
            text(
                "le dépôt n'a jamais été vérifié",
                "on ne sait pas si son contenu est encore intact",
                "Exécutez : recyclicctl verify all"
            )
        case .verifyAge(let age):
            text(
                "la dernière vérification du dépôt a eu lieu \(ago(age))",
                "des dommages survenus depuis n'auraient pas été remarqués",
                "Exécutez : recyclicctl verify all"
            )
        case .drillFailed(let id, let age, let reason):
            text(
                "l'exercice de restauration de la sauvegarde « \(id) » a échoué \(ago(age))\(quoted(reason))",
                "une vraie restauration échouerait très probablement aussi",
                "Exécutez : recyclicctl drill show, puis recyclicctl trigger-backup et recyclicctl drill"
            )
        case .drillCannotJudge(let id, let age, let reason):
            text(
                "l'exercice de restauration de la sauvegarde « \(id) » n'a pas pu conclure \(ago(age))\(quoted(reason))",
                "la sauvegarde est peut-être bonne, mais ce n'est pas prouvé",
                "Exécutez : recyclicctl doctor, corrigez ce qui y est nommé, puis recyclicctl drill"
            )
        case .drillNever:
            text(
                "aucune restauration n'a jamais été répétée",
                "il n'est pas prouvé qu'une sauvegarde donne une base qui fonctionne",
                "Exécutez : recyclicctl drill"
            )
        case .drillAge(let age):
            text(
                "le dernier exercice de restauration réussi a eu lieu \(ago(age))",
                "il n'est pas prouvé que les sauvegardes d'aujourd'hui donnent une base qui fonctionne",
                "Exécutez : recyclicctl drill"
            )
        case .objectiveMissed(let taken, let limit, let age):
            text(
                "la restauration du dernier exercice réussi a duré \(FrenchText.duration(taken)) (objectif : \(FrenchText.duration(limit)) ; \(ago(age)))",
                "après un sinistre, la base serait absente plus longtemps que convenu",
                "Exécutez : recyclicctl drill show, pour la durée de chaque phase, puis recyclicctl drill sur un disque plus rapide"
            )
        default: preconditionFailure("\(fact.code) is not about proofs")
        }
    }

    private func quoted(_ reason: String?) -> FrenchText {
        reason.map { " : « \($0) »" } ?? ""
    }

    /// What to do about damage of these kinds; in the order and by the reasons of ``DamageKind/advice(on:)``.
    private func advice(on kinds: Set<DamageKind>) -> FrenchText {
        var steps: [FrenchText] = []
        let isStoredAgain = !kinds.isDisjoint(with: [.chunks, .history])
        if isStoredAgain {
            steps.append(
                "exécutez : recyclicctl trigger-backup (les morceaux endommagés sont enregistrés de nouveau, là où la source les a encore)"
            )
        }
        if kinds.contains(.wal) {
            if !isStoredAgain { steps.append("exécutez : recyclicctl trigger-backup, pour une sauvegarde entière") }
            steps.append(
                "le WAL d'une sauvegarde ne peut pas être enregistré de nouveau : recopiez les objets nommés d'une autre copie du dépôt, ou renoncez à leurs sauvegardes : recyclicctl backups delete ID"
            )
        }
        if kinds.contains(.manifest) {
            steps.append(
                "recopiez les manifestes nommés d'une autre copie du dépôt, ou renoncez à leurs sauvegardes : recyclicctl backups delete ID"
            )
        }
        if kinds.contains(.other) { steps.append("recopiez les objets nommés d'une autre copie du dépôt") }
        if kinds.contains(.derived) {
            steps.append("exécutez : recyclicctl retention apply (les index sont refaits)")
        }
        steps.append("ensuite, exécutez : recyclicctl verify all")
        var text = steps[0].text
        for step in steps.dropFirst() {
            let joined: FrenchText = "\(text) ; \(step)"
            text = joined.text
        }
        return "\(text.prefix(1).uppercased() + text.dropFirst())"
    }
}
