/// Figures that were read, and by what it is recognised that they would be the same now.
///
/// A dashboard asks far more often than anything is written. What no transaction has changed since need not be added up again, as
/// long as nothing has left the last 24 hours either.
struct KnownFigures: Sendable, Hashable {
    /// The figures.
    let figures: ReceptionFigures
    /// What the tables had.
    let schema: ReceptionSchema
    /// Of which state of the database they are.
    let state: String
    /// When the last 24 hours began, in microseconds since 1970.
    let since: Int64
    /// The oldest time that counted, in microseconds since 1970; far in the future when none did.
    let oldest: Int64

    /// Keeps figures that were read, unless they can't be recognised later.
    ///
    /// What is no plain table may hold other rows though no transaction of this server changed anything.
    init?(
        _ figures: ReceptionFigures,
        of snapshot: ReceptionSnapshot,
        oldest: Int64,
        _ question: ReceptionQuestion,
        _ schema: ReceptionSchema
    ) {
        guard let state = snapshot.state, schema.isPlain(question.tables) else { return nil }
        self.figures = figures
        self.schema = schema
        self.state = state
        since = snapshot.since
        self.oldest = oldest
    }

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
