/// Figures that were read, and by what it is recognised that they would be the same now.
///
/// A dashboard asks far more often than anything is written. What no transaction has changed since need not be added up again, as
/// long as nothing has left the last 24 hours either.
struct KnownFigures: Sendable, Hashable {
    /// The figures.
    let figures: ReceptionFigures
    /// What the tables had.
    let schema: ReceptionSchema
    /// What the snapshot saw that they are of; see ``ReceptionSnapshot``.
    let state: String
    /// When the last 24 hours began, in microseconds since 1970.
    let since: Int64
    /// The oldest time that counted, in microseconds since 1970; far in the future when none did.
    let oldest: Int64

    /// The figures of another snapshot, if they are the same.
    ///
    /// Of the same rows, which tickets and sales are of the last 24 hours depends on when these begin alone: all that were, if they
    /// begin no earlier than they did and no later than the oldest of them.
    func figures(in snapshot: ReceptionSnapshot, _ schema: ReceptionSchema) -> ReceptionFigures? {
        guard snapshot.state == state, schema == self.schema, since <= snapshot.since, snapshot.since <= oldest
        else { return nil }
        var figures = figures
        figures.takenAt = snapshot.takenAt
        return figures
    }
}
