package import FoundationEssentials
package import Monitoring

/// French.
package struct FrenchAlertWords: AlertWords {
    package let health: any HealthCatalogue
    let zone: TextZone

    /// - Parameter zone: Whose clock the times are told by.
    package init(zone: TextZone = .utc) {
        self.zone = zone
        health = FrenchHealthCatalogue(zone: zone)
    }

    package func title(_ code: HealthReasonCode) -> String {
        let title: FrenchText =
            switch code {
            case .stale: "plus rien n'est mesuré"
            case .repositoryUnusable: "dépôt inutilisable"
            case .noBackup: "aucune sauvegarde"
            case .noRestorableBackup: "aucune sauvegarde restaurable"
            case .backupAge: "sauvegarde trop ancienne"
            case .restorablePointAge: "point restaurable vieillissant"
            case .lastBackupFailed: "échec de la sauvegarde"
            case .dumpAge: "export en retard"
            case .dumpIncomplete: "export incomplet"
            case .databaseLeftOut: "base jamais exportée"
            case .checksumFindings: "dommages dans la base"
            case .verifyFailed: "dommages dans le dépôt"
            case .verifyNever: "dépôt jamais vérifié"
            case .verifyAge: "vérification en retard"
            case .drillFailed: "échec de l'exercice de restauration"
            case .drillCannotJudge: "exercice de restauration sans verdict"
            case .drillNever: "restauration jamais répétée"
            case .drillAge: "exercice de restauration en retard"
            case .objectiveMissed: "objectif de restauration manqué"
            case .databaseUnreachable: "base de données injoignable"
            case .diskSpace: "peu de place sur le disque"
            case .diskFilling: "disque bientôt plein"
            case .retentionBlocked: "rétention bloquée"
            case .clockJumped: "horloge fausse"
            case .noOffsiteCopy: "aucune copie ailleurs"
            case .stateNotPersistent: "répertoire d'état non inscriptible"
            case .alertDelivery: "alertes non remises"
            }
        return title.text
    }

    package func word(_ level: HealthLevel) -> String {
        switch level {
        case .ok: "OK"
        case .warning: "ATTENTION"
        case .critical: "CRITIQUE"
        }
    }

    package func headed(_ head: String, _ text: String) -> String {
        let headed: FrenchText = "\(head) : \(text)"
        return head.isEmpty ? text : headed.text
    }

    package func prefix(_ kind: AlertMessage.Kind, _ occasion: AlertNotice.Occasion) -> String {
        switch (kind, occasion) {
        case (_, .summary): "récapitulatif"
        case (.resolved, _): "résolu"
        case (.escalation, _): "escalade"
        case (_, .reminder): "rappel"
        default: ""
        }
    }

    package func list(_ titles: [String], more: Int) -> String {
        guard more > 0 else { return titles.joined(separator: ", ") }
        let others = FrenchText.count(more, "autre", "autres").text
        return "\(titles.joined(separator: ", ")) et \(others)"
    }

    package func opening(_ notice: AlertNotice, instance: String) -> String {
        sentence(of: notice, me: "recyclicd sur \(instance)").text
    }

    private func sentence(of notice: AlertNotice, me: FrenchText) -> FrenchText {
        let count = notice.problems.count
        let problems: FrenchText =
            count == 1 ? "ce problème" : "ces \(FrenchText.count(count, "problème", "problèmes"))"
        if notice.occasion == .summary {
            return "\(me) a retenu des messages pour ne pas vous submerger. Voici où en sont les choses maintenant."
        }
        switch notice.kind {
        case .resolved where notice.resolved.count == 1:
            return "\(me) signale qu'un problème est terminé."
        case .resolved:
            return
                "\(me) signale que \(FrenchText.count(notice.resolved.count, "problème", "problèmes")) sont terminés."
        case .escalation where notice.problems.contains(where: \.isNobodyReached):
            return "\(me) s'adresse à vous parce que les alertes n'arrivent à aucun des premiers destinataires."
        case .escalation where notice.problems.allSatisfy({ $0.code == .objectiveMissed }):
            return "\(me) s'adresse à vous parce qu'un objectif est manqué."
        case .escalation:
            return "\(me) s'adresse à vous parce que personne n'a pris en charge \(problems)."
        case .problem where notice.occasion == .reminder:
            return "\(me) vous rappelle que personne n'a encore pris en charge \(problems)."
        default:
            let isCritical = notice.problems.contains { $0.level == .critical }
            if count == 1 { return "\(me) signale \(isCritical ? "un problème critique" : "un problème")." }
            return isCritical
                ? "\(me) signale \(FrenchText.count(count, "problème", "problèmes")) ; le plus grave est critique."
                : "\(me) signale \(FrenchText.count(count, "problème", "problèmes"))."
        }
    }

    package func since(_ date: Date, ageSeconds: Double) -> String {
        "Depuis le \(time(date)), soit \(FrenchText.duration(ageSeconds))."
    }

    package var next: String { text("Ce qu'il faut faire maintenant :") }
    package var toldOnce: String { text("Ceci ne vous est signalé qu'une seule fois.") }

    package func untilAcknowledged(everySeconds: Double) -> String {
        text(
            "Tant que personne ne prend le problème en charge, un rappel vous est envoyé à intervalles de \(FrenchText.duration(everySeconds)) :"
        )
    }

    package func resolved(_ title: String, what: String, from: Date, to: Date) -> String {
        let duration = FrenchText.duration(max(0, to.timeIntervalSince(from)))
        return text(
            "Résolu : \(title).\nCela a duré \(duration), du \(time(from)) au \(time(to)).\nCe qui n'allait pas : \(what)."
        )
    }

    package var more: String { text("Pour voir où tout en est maintenant :") }

    package func last(_ pause: AlertNotice.Pause) -> String {
        let time = FrenchText.duration(pause.seconds)
        let rest: FrenchText =
            pause.isUrgentExempt
            ? "Pendant \(time), seul ce qui est critique et nouveau vous sera encore signalé ; ensuite un message dira où en sont les choses."
            : "Le prochain viendra dans \(time) au plus tôt et dira où en sont les choses."
        return text(
            "Vous avez reçu beaucoup de messages en une heure. \(rest) D'ici là, voyez vous-même : recyclicctl status"
        )
    }

    package var contacts: String { text("Contacts d'urgence :") }

    package func test(instance: String) -> (subject: String, body: String) {
        (
            "essai des alertes",
            text(
                "Ceci est un essai de recyclicd sur \(instance) : quelqu'un veut savoir si ses messages arrivent.\n\nIls arrivent. Tout va bien de ce côté, et il n'y a rien à faire."
            )
        )
    }

    func text(_ text: FrenchText) -> String { text.text }

    func time(_ date: Date) -> String { FrenchText.time(date, secondsFromUTC: zone.secondsFromUTC(date)) }
}
