import Monitoring
import State

extension HealthFact {
    /// How a problem that somebody acknowledged compares with what they acknowledged.
    enum Growth: Sendable, Hashable {
        /// As it was, or less.
        case none
        /// The same thing happened once more.
        case again
        /// There is more of it.
        case more
    }

    /// What came since a problem was acknowledged; levels are another matter.
    ///
    /// That the next backup holds the same damage as the last one is nothing new, or everybody would be told each night.
    ///
    /// - Parameter known: The problem as it was acknowledged.
    func growth(since known: HealthFact) -> Growth {
        switch (known, self) {
        case (.verifyFailed(let known, _), .verifyFailed(let damage, _)):
            damage.objects > known.objects || damage.backups > known.backups ? .more : .none
        case (.checksumFindings(_, let known, _), .checksumFindings(_, let count, _)):
            count > known ? .more : .none
        case (.alertDelivery(let known, _), .alertDelivery(let troubles, _)):
            Self.recipients(troubles).isSubset(of: Self.recipients(known)) ? .none : .more
        case (.databaseLeftOut(let known, _), .databaseLeftOut(let databases, _)):
            databases.count > known.count
                || !Set(databases.named.map(\.name)).isSubset(of: known.named.map(\.name)) ? .more : .none
        case (.drillFailed(let known, _, _), .drillFailed(let id, _, _)):
            id == known ? .none : .again
        case (.lastBackupFailed(let known, _, _), .lastBackupFailed(let failure, _, _)):
            failure.jobID == known.jobID ? .none : .again
        default: .none
        }
    }

    private static func recipients(_ troubles: [HealthMeasurements.DeliveryTrouble]) -> Set<AlertRecipient> {
        Set(troubles.map { AlertRecipient(channel: $0.channel, address: $0.recipient) })
    }
}
