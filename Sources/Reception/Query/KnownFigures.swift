/// Figures that were read, and by what it is recognised that they would be the same now.
///
/// A dashboard asks far more often than anything is written. What no transaction has changed since need not be added up again.
struct KnownFigures: Sendable, Hashable {
    /// What the snapshot saw, and who looked: the transactions, the server's process and its start, the schemas where tables are
    /// looked for, and the beginning of the day where it matters.
    let state: String
    /// What the tables had.
    let schema: ReceptionSchema
    /// How many sales were chosen.
    let sales: Int32
    /// How many closed tickets were chosen.
    let closedTickets: Int32
    /// The figures.
    var figures: ReceptionFigures
}
