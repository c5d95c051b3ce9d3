extension EnglishHealthCatalogue {
    /// What protection needs around it.
    func surroundings(_ fact: HealthFact) -> HealthText {
        switch fact {
        case .databaseUnreachable(let trouble):
            HealthText(
                what: "the database can't be reached\(since(trouble.since)): \(trouble.message)",
                meaning: "no backup can be taken meanwhile",
                next: trouble.hint ?? "Run: recyclicctl doctor"
            )
        case .diskSpace(let free, let limit, let stop):
            HealthText(
                what: "the repository's file system has \(HumanText.size(free)) free (limit \(HumanText.size(limit)))",
                meaning: free < stop
                    ? "no backup is taken until there is more" : "backups stop at \(HumanText.size(stop))",
                next: "Free some space, or look at what would go: recyclicctl retention plan"
            )
        case .diskFilling(let seconds):
            HealthText(
                what: "the repository's file system will be full in \(HumanText.duration(seconds)) "
                    + "if it goes on filling as it did",
                meaning: "backups stop before that",
                next: "Free some space, or look at what would go: recyclicctl retention plan"
            )
        case .retentionBlocked(let trouble):
            HealthText(
                what: "old backups are not removed\(since(trouble.since)): \(trouble.message)",
                meaning: "the repository grows until they are",
                next: trouble.hint ?? "Run: recyclicctl retention plan"
            )
        case .backupFromFuture(let id, let ahead):
            HealthText(
                what: "backup '\(id)' is dated \(HumanText.duration(ahead)) after now: "
                    + "the clock is wrong or was wrong then",
                meaning: "ages and the schedule can't be trusted until the two agree",
                next: Self.timeSynchronisation
            )
        case .clockJumped(let seconds, let age):
            HealthText(
                what: "the clock was set \(seconds < 0 ? "back" : "forward") by \(HumanText.duration(abs(seconds))) "
                    + "(noticed \(ago(age)))",
                meaning: "ages and the schedule follow the new time",
                next: Self.timeSynchronisation
            )
        case .noOffsiteCopy:
            HealthText(
                what: "there is no copy of the backups on another machine",
                meaning: "if this machine is lost, everything is lost",
                next: "Copy the repository to another machine, or set BACKUP_OFFSITE_URL=none if that is taken care of"
            )
        case .stateNotPersistent:
            HealthText(
                what: "the state directory can't be written",
                meaning: "jobs, events and drills are forgotten when recyclicd ends",
                next:
                    "Check the state directory's owner and free space; recyclicd looks every minute whether it can be used"
            )
        case .alertDelivery(let troubles, let isAnybodyReached):
            delivery(troubles, isAnybodyReached)
        default: preconditionFailure("\(fact.code) is not about what is around the backups")
        }
    }

    private func delivery(_ troubles: [HealthMeasurements.DeliveryTrouble], _ isAnybodyReached: Bool) -> HealthText {
        let people = troubles.filter { $0.channel != HealthMeasurements.DeliveryTrouble.ping }
        let whom = people.map { "\($0.channel) \($0.recipient)\(since($0.since)) (\($0.message))" }
        let alerts = whom.isEmpty ? [] : ["alerts do not get through to " + whom.joined(separator: ", ")]
        let pings = troubles.filter { $0.channel == HealthMeasurements.DeliveryTrouble.ping }.map {
            "pings do not get through to \($0.recipient)\(since($0.since)) (\($0.message))"
        }
        let meaning =
            if !isAnybodyReached {
                "nobody would learn that the data is in danger"
            } else if people.isEmpty {
                "the service there can't tell this from a machine that is down"
            } else {
                "whoever reads them there does not learn what happens to the data"
            }
        let next =
            people.isEmpty
            ? "Check NOTIFICATION_PING_URL; recyclicctl alerts says when pings arrive again"
            : "Mend the channel, then run: recyclicctl alerts test"
        return HealthText(
            what: (alerts + pings).joined(separator: ", and "),
            meaning: meaning,
            next: troubles.compactMap(\.hint).first ?? next
        )
    }

    private static let timeSynchronisation =
        "Run: timedatectl, and turn on time synchronisation: sudo timedatectl set-ntp true"
}
