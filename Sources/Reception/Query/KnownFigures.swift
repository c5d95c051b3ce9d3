/// Figures that were read, and by what it is recognised that they would be the same now.
///
/// A dashboard asks far more often than anything is written. What no transaction has changed since need not be added up again.
struct KnownFigures: Sendable, Hashable {
    /// What the snapshot saw: the transactions, the server's start, and the beginning of the day where it matters.
    let state: String
    /// How many sales were chosen.
    let sales: Int32
    /// How many closed tickets were chosen.
    let closedTickets: Int32
    /// The figures.
    var figures: ReceptionFigures
}
