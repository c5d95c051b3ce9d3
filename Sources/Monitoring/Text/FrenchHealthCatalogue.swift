import FoundationEssentials
import State

/// French. What other programs said stands as they said it, in guillemets; their advice, which is English, is replaced by
/// the command that shows more.
package struct FrenchHealthCatalogue: HealthCatalogue {
    private let zone: TextZone

    /// - Parameter zone: Whose clock the times are told by.
    package init(zone: TextZone = .utc) {
        self.zone = zone
    }

    package func text(_ fact: HealthFact) -> HealthText {
        switch fact {
        case .stale(let age):
            text(
                "rien n'a été mesuré depuis \(FrenchText.duration(age))",
                "on ne sait pas si les données sont protégées en ce moment, et rien de ce qui arrive n'est remarqué",
                "Exécutez : recyclicctl status, qui dit pourquoi, et journalctl -u recyclicd -n 50"
            )
        case .repositoryUnusable(let trouble):
            text(
                "le dépôt des sauvegardes est inutilisable\(since(trouble.since)) : « \(trouble.message) »",
                "rien ne peut être sauvegardé ni restauré tant qu'il l'est",
                "Exécutez : recyclicctl doctor"
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

    func text(_ what: FrenchText, _ meaning: FrenchText, _ next: FrenchText) -> HealthText {
        HealthText(what: what.text, meaning: meaning.text, next: next.text)
    }

    func ago(_ seconds: Double) -> FrenchText { "il y a \(FrenchText.duration(seconds))" }

    func since(_ date: Date?) -> FrenchText {
        date.map { " depuis le \(FrenchText.time($0, secondsFromUTC: zone.secondsFromUTC($0)))" } ?? ""
    }

    private func backups(_ fact: HealthFact) -> HealthText {
        switch fact {
        case .noBackup(let age):
            text(
                "aucune sauvegarde n'a jamais réussi\(sinceFirstStart(age))",
                "si la base est endommagée maintenant, tout est perdu",
                "Exécutez : recyclicctl trigger-backup"
            )
        case .noRestorableBackup(let count):
            text(
                "aucune des sauvegardes (\(count)) ne peut être restaurée entièrement",
                "si la base est endommagée maintenant, des données sont définitivement perdues",
                "Exécutez : recyclicctl trigger-backup, puis recyclicctl verify all"
            )
        case .backupAge(let id, let age, let limit):
            text(
                "la sauvegarde restaurable la plus récente, « \(id) », date de \(FrenchText.duration(age)) (limite : \(FrenchText.duration(limit)))",
                loss(age),
                "Exécutez : recyclicctl trigger-backup"
            )
        case .restorablePointAge(let id, let age, let limit):
            text(
                "le point restaurable le plus récent, la fin de la sauvegarde « \(id) », date de \(FrenchText.duration(age)) (limite : \(FrenchText.duration(limit)))",
                loss(age),
                "Exécutez : recyclicctl trigger-backup, ou réglez BACKUP_SCHEDULE pour des sauvegardes plus fréquentes"
            )
        case .lastBackupFailed(let failure, let age, let standing):
            text(
                "la dernière sauvegarde a échoué \(ago(age)) (tâche \(failure.jobID)) : « \(failure.message) »",
                meaning(standing),
                "Exécutez : recyclicctl jobs show \(failure.jobID)"
            )
        case .checksumFindings(let id, let count, let age):
            text(
                "le serveur a trouvé \(FrenchText.count(count, "somme de contrôle fausse", "sommes de contrôle fausses")) dans ses propres fichiers pendant la sauvegarde « \(id) », \(ago(age))",
                "la base elle-même est endommagée, et cette sauvegarde contient les dommages tels quels",
                "Exécutez : recyclicctl backups show \(id), contrôlez le disque, et gardez une sauvegarde plus ancienne : recyclicctl backups pin ID"
            )
        case .dumpAge(let database, let age, let limit, let isOnly):
            dumpAge(database, age, limit, isOnly)
        case .dumpIncomplete(let id, let database):
            text(
                "le dernier export de la base « \(database) » n'est pas complet : il y manque des objets volumineux",
                "une restauration de l'export « \(id) » ne les ramènerait pas",
                "Exécutez : recyclicctl backups show \(id) (le droit manquant y est nommé)"
            )
        case .databaseLeftOut(let databases, let isOnly):
            leftOut(databases, isOnly)
        default: preconditionFailure("\(fact.code) is not about backups")
        }
    }

    private func dumpAge(_ database: String?, _ age: Double?, _ limit: Double, _ isOnly: Bool) -> HealthText {
        let which: FrenchText = database.map { "la base « \($0) »" } ?? "aucune base"
        let what: FrenchText =
            age.map {
                "\(which) a été exportée pour la dernière fois \(ago($0)) (limite : \(FrenchText.duration(limit)))"
            }
            ?? "\(which) n'a jamais été exportée, alors qu'elle devrait l'être"
        let meaning: FrenchText =
            isOnly
            ? "si la base est endommagée maintenant, elle est entièrement perdue"
            : "les sauvegardes complètes la protègent ; sans export, elle ne peut passer à une autre version de PostgreSQL"
        let next: FrenchText =
            isOnly
            ? "Exécutez : recyclicctl trigger-backup --kind dump"
            : "Exécutez : recyclicctl trigger-backup --kind dump, ou réglez DUMP_SCHEDULE=off si les exports ne sont pas voulus"
        return text(what, meaning, next)
    }

    private func leftOut(_ databases: LeftOutDatabases, _ isOnly: Bool) -> HealthText {
        let named = databases.first.map { database -> FrenchText in
            switch database.reason {
            case .closed: "« \(database.name) », qui n'accepte aucune connexion"
            case .forbidden(let role):
                "« \(database.name) », à laquelle le rôle « \(role) » n'a pas le droit de se connecter"
            }
        }
        let isOne = databases.count == 1
        let which: FrenchText =
            isOne ? "la base" : "\(FrenchText.count(databases.count, "base", "bases")) :"
        let more: FrenchText =
            databases.count > named.count
            ? " ; et \(FrenchText.count(databases.count - named.count, "autre", "autres"))" : ""
        let meaning: FrenchText =
            switch (isOnly, isOne) {
            case (true, true): "si elle est endommagée maintenant, elle est entièrement perdue"
            case (true, false): "si l'une d'elles est endommagée maintenant, elle est entièrement perdue"
            case (false, true):
                "les sauvegardes complètes la protègent ; sans export, elle ne peut passer à une autre version de PostgreSQL"
            case (false, false):
                "les sauvegardes complètes les protègent ; sans export, elles ne peuvent passer à une autre version de PostgreSQL"
            }
        let statements = databases.first.map(\.statement).joined(separator: "; ")
        return text(
            "les exports laissent de côté \(which) \(Self.list(named))\(more)",
            meaning,
            "Exécutez dans psql, en superutilisateur : « \(statements) », puis : recyclicctl trigger-backup --kind dump ; ou nommez dans DUMP_DATABASES les bases à exporter"
        )
    }

    private static func list(_ parts: [FrenchText]) -> FrenchText {
        parts.dropFirst().reduce(parts.first ?? "") { "\($0) ; \($1)" }
    }

    private func sinceFirstStart(_ age: Double?) -> FrenchText {
        age.map { " depuis le premier démarrage de recyclicd, \(ago($0))" } ?? ""
    }

    private func meaning(_ standing: HealthFact.Standing) -> FrenchText {
        switch standing {
        case .backup(let id, let age):
            "la sauvegarde « \(id) » (\(ago(age))) reste la plus récente qui soit restaurable"
        case .nothing: "il n'y a aucune autre sauvegarde"
        case .unknown: "on ne peut pas voir en ce moment quelles autres sauvegardes il y a"
        }
    }

    private func loss(_ age: Double) -> FrenchText {
        "si la base est endommagée maintenant, ce qui a été écrit depuis \(FrenchText.duration(age)) est perdu"
    }
}
