package import Foundation

/// What retention needs to know of a backup.
package struct RetentionCandidate: Sendable, Hashable {
    /// In what condition a backup is.
    package enum Condition: Int, Sendable, Hashable, CaseIterable {
        /// It is being written.
        case running
        /// Something it needs is damaged or missing.
        case damaged
        /// It can be restored, but the server found wrong checksums while it was read.
        case marked
        /// Nothing is known against it.
        case good
    }

    /// Its id; ids differ.
    package var id: String
    /// The system identifier of its cluster.
    package var cluster: String
    /// What it is a copy of within the cluster: backups of different series don't take each other's places.
    package var series: String
    /// When it began; the day, week and month it counts for are those of this time.
    package var startedAt: Date
    /// Its condition.
    package var condition: Condition
    /// Whether an operator pinned it.
    package var isPinned: Bool
    /// When the last drill that passed on it ended.
    package var provedAt: Date?

    package init(
        id: String,
        cluster: String,
        series: String = "base",
        startedAt: Date,
        condition: Condition = .good,
        isPinned: Bool = false,
        provedAt: Date? = nil
    ) {
        self.id = id
        self.cluster = cluster
        self.series = series
        self.startedAt = startedAt
        self.condition = condition
        self.isPinned = isPinned
        self.provedAt = provedAt
    }
}
