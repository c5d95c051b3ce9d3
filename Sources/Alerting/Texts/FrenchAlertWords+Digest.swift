import FoundationEssentials
import Monitoring

extension FrenchAlertWords {
    package func digest(_ facts: DigestFacts, instance: String) -> (subject: String, paragraphs: [String]) {
        let criticals = facts.health.reasons.count { $0.level == .critical }
        let state: FrenchText =
            switch facts.health.level {
            case .ok: "tout ce que l'on peut savoir est bon"
            case .warning: FrenchText.count(facts.health.reasons.count, "avertissement", "avertissements")
            case .critical: "CRITIQUE, \(FrenchText.count(criticals, "problème critique", "problèmes critiques"))"
            }
        let reasons = facts.health.reasons.map { reason in
            let said = health.lines(reason.fact)
            return text("\n- \(word(reason.level)) : \(said.what) ; \(said.meaning).")
        }
        var paragraphs = [
            text("Voici le bilan de recyclicd sur \(instance), du \(time(facts.from)) au \(time(facts.to))."),
            text("État actuel : \(state).") + reasons.joined(),
        ]
        paragraphs.append(section("Sauvegardes", backups(facts)))
        paragraphs.append(section("Place", space(facts)))
        paragraphs.append(section("Preuves", proof(facts)))
        paragraphs.append(section("Alertes", alerts(facts)))
        if let name = facts.newestManifest, let digest = facts.newestDigest {
            paragraphs.append(
                text(
                    "Manifeste le plus récent :\n\(name)\nSHA-256 \(digest)\nGardez ce message : qui modifierait le dépôt plus tard ne peut pas modifier l'empreinte que vous avez."
                )
            )
        }
        return (text("bilan : \(state)"), paragraphs)
    }

    private func section(_ title: FrenchText, _ lines: [FrenchText]) -> String {
        text("\(title) :") + lines.map { "\n- \($0.text)." }.joined()
    }

    private func backups(_ facts: DigestFacts) -> [FrenchText] {
        var lines: [FrenchText] = []
        if let count = facts.backups {
            let taken: FrenchText =
                facts.backupsTaken.map { ", dont \(FrenchText.count($0, "faite", "faites")) pendant cette période" }
                ?? ""
            lines.append("\(FrenchText.count(count, "sauvegarde", "sauvegardes"))\(taken)")
        } else {
            lines.append("Les sauvegardes ne peuvent pas être énumérées")
        }
        if let newest = facts.newestRestorable {
            lines.append(
                "La plus récente qui soit restaurable est \(newest.id) ; elle rend les données du \(time(newest.point))"
            )
        }
        if let exposure = facts.exposure {
            lines.append("Si la base était endommagée maintenant, on perdrait : \(amount(exposure.databaseDamaged))")
            lines.append("Si cette machine était perdue maintenant, on perdrait : \(amount(exposure.machineLost))")
        }
        if let bytes = facts.logicalBytes { lines.append("La plus récente contient \(FrenchText.size(bytes))") }
        if let bytes = facts.addedBytes { lines.append("Celles de cette période ont ajouté \(FrenchText.size(bytes))") }
        return lines
    }

    private func amount(_ amount: ExposureAmount) -> FrenchText {
        switch amount {
        case .seconds(let seconds): "ce qui a été écrit en \(FrenchText.duration(seconds))"
        case .everything: "tout"
        case .unknown(let bound?): "on ne sait pas, au plus ce qui a été écrit en \(FrenchText.duration(bound))"
        case .unknown(nil): "on ne sait pas combien"
        }
    }

    private func space(_ facts: DigestFacts) -> [FrenchText] {
        var lines: [FrenchText] = []
        if let bytes = facts.databaseBytes { lines.append("Les bases occupent \(FrenchText.size(bytes))") }
        if let bytes = facts.repositoryBytes { lines.append("Le dépôt occupe \(FrenchText.size(bytes))") }
        if let bytes = facts.freeBytes {
            lines.append("Il reste \(FrenchText.size(bytes)) libres sur son système de fichiers")
        }
        if let seconds = facts.fullInSeconds {
            lines.append("Il sera plein dans \(FrenchText.duration(seconds)) s'il continue à se remplir ainsi")
        } else {
            lines.append(
                "On ne peut pas prédire quand il sera plein : il ne se remplit pas, ou il est trop tôt pour le dire"
            )
        }
        return lines
    }

    private func proof(_ facts: DigestFacts) -> [FrenchText] {
        var lines: [FrenchText] = []
        if let drill = facts.drill {
            let verdict: FrenchText = drill.passed.map { $0 ? "a réussi" : "a ÉCHOUÉ" } ?? "n'a pas pu conclure"
            lines.append(
                "Le dernier exercice de restauration, de \(drill.backupID) le \(time(drill.finishedAt)), \(verdict)"
            )
            if let seconds = drill.recoverySeconds {
                let objective: FrenchText =
                    facts.objectiveSeconds.map { " (objectif : \(FrenchText.duration($0)))" } ?? ""
                lines.append("La restauration y a duré \(FrenchText.duration(seconds))\(objective)")
            }
            if !drill.phases.isEmpty {
                let parts = drill.phases.map { "\($0.name) \(FrenchText.duration($0.seconds))" }
                lines.append("Ses phases : \(parts.joined(separator: ", "))")
            }
        } else {
            lines.append("Aucune restauration n'a encore été répétée")
        }
        if let verify = facts.verify {
            let outcome: FrenchText =
                verify.damagedObjects == 0
                ? "aucun dommage n'est connu"
                : FrenchText.count(verify.damagedObjects, "objet endommagé", "objets endommagés")
            lines.append("Le dépôt a été vérifié pour la dernière fois le \(time(verify.finishedAt)) ; \(outcome)")
        } else {
            lines.append("Le dépôt n'a jamais été vérifié")
        }
        return lines
    }

    private func alerts(_ facts: DigestFacts) -> [FrenchText] {
        guard !facts.alerts.isEmpty else { return ["Il n'y en a pas eu"] }
        return facts.alerts.map { alert in
            let end: FrenchText = alert.resolvedAt.map { "résolu le \(time($0))" } ?? "toujours en cours"
            let known: FrenchText = alert.acknowledgement.map { ", pris en charge par \($0.by)" } ?? ""
            return "\(word(alert.worst)) : \(title(alert.code)), depuis le \(time(alert.beganAt)), \(end)\(known)"
        }
    }
}
