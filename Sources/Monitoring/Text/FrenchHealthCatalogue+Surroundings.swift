extension FrenchHealthCatalogue {
    /// What protection needs around it.
    func surroundings(_ fact: HealthFact) -> HealthText {
        switch fact {
        case .databaseUnreachable(let trouble):
            text(
                "la base de données est injoignable\(since(trouble.since)) : « \(trouble.message) »",
                "aucune sauvegarde ne peut être faite pendant ce temps",
                "Exécutez : recyclicctl doctor"
            )
        case .diskSpace(let free, let limit, let stop):
            text(
                "il reste \(FrenchText.size(free)) libres sur le système de fichiers du dépôt (limite : \(FrenchText.size(limit)))",
                free < stop
                    ? "aucune sauvegarde n'est faite tant qu'il n'y a pas plus de place"
                    : "les sauvegardes s'arrêtent à \(FrenchText.size(stop))",
                "Libérez de la place, ou voyez ce qui partirait : recyclicctl retention plan"
            )
        case .diskFilling(let seconds):
            text(
                "le système de fichiers du dépôt sera plein dans \(FrenchText.duration(seconds)) s'il continue à se remplir ainsi",
                "les sauvegardes s'arrêteront avant",
                "Libérez de la place, ou voyez ce qui partirait : recyclicctl retention plan"
            )
        case .retentionBlocked(let trouble):
            text(
                "les anciennes sauvegardes ne sont pas supprimées\(since(trouble.since)) : « \(trouble.message) »",
                "le dépôt grandit tant qu'elles ne le sont pas",
                "Exécutez : recyclicctl retention plan"
            )
        case .backupFromFuture(let id, let ahead):
            text(
                "la sauvegarde « \(id) » est datée de \(FrenchText.duration(ahead)) dans le futur : l'horloge est fausse ou l'était alors",
                "on ne peut se fier ni aux âges ni au calendrier tant que les deux ne concordent pas",
                Self.timeSynchronisation
            )
        case .clockJumped(let seconds, let age):
            text(
                "l'horloge a été \(seconds < 0 ? "reculée" : "avancée") de \(FrenchText.duration(abs(seconds))) (remarqué \(ago(age)))",
                "les âges et le calendrier suivent la nouvelle heure",
                Self.timeSynchronisation
            )
        case .noOffsiteCopy:
            text(
                "il n'y a aucune copie des sauvegardes sur une autre machine",
                "si cette machine est perdue, tout est perdu",
                "Copiez le dépôt sur une autre machine, ou réglez BACKUP_OFFSITE_URL=none si c'est déjà fait autrement"
            )
        case .stateNotPersistent:
            text(
                "le répertoire d'état n'est pas accessible en écriture",
                "les tâches, événements et exercices seront oubliés à l'arrêt de recyclicd",
                "Contrôlez le propriétaire et la place libre du répertoire d'état ; recyclicd regarde chaque minute s'il est utilisable"
            )
        case .alertDelivery(let troubles, let isAnybodyReached):
            delivery(troubles, isAnybodyReached)
        default: preconditionFailure("\(fact.code) is not about what is around the backups")
        }
    }

    private func delivery(_ troubles: [HealthMeasurements.DeliveryTrouble], _ isAnybodyReached: Bool) -> HealthText {
        let people = troubles.filter { $0.channel != HealthMeasurements.DeliveryTrouble.ping }
        let whom = people.map { trouble -> String in
            let one: FrenchText =
                "\(trouble.channel) \(trouble.recipient)\(since(trouble.since)) (« \(trouble.message) »)"
            return one.text
        }
        let alerts: [FrenchText] = whom.isEmpty ? [] : ["les alertes n'arrivent pas à \(whom.joined(separator: ", "))"]
        let pings = troubles.filter { $0.channel == HealthMeasurements.DeliveryTrouble.ping }.map {
            trouble -> FrenchText in
            "les pings n'arrivent pas à \(trouble.recipient)\(since(trouble.since)) (« \(trouble.message) »)"
        }
        let what = (alerts + pings).map(\.text).joined(separator: ", et ")
        let meaning: FrenchText =
            if !isAnybodyReached {
                "personne n'apprendrait que les données sont en danger"
            } else if people.isEmpty {
                "le service qui les attend ne peut pas distinguer cela d'une machine arrêtée"
            } else {
                "les personnes concernées n'apprennent pas ce qui arrive aux données"
            }
        return text(
            "\(what)",
            meaning,
            people.isEmpty
                ? "Contrôlez NOTIFICATION_PING_URL ; recyclicctl alerts dit quand les pings arrivent de nouveau"
                : "Réparez ce moyen d'envoi, puis exécutez : recyclicctl alerts test"
        )
    }

    private static let timeSynchronisation: FrenchText =
        "Exécutez : timedatectl, et activez la synchronisation de l'heure : sudo timedatectl set-ntp true"
}
