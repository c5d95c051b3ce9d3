/// What the application's tables have, as far as the statistics depend on it.
package struct ReceptionSchema: Sendable, Hashable {
    /// Whether lines have `is_exit`, as since December 2025. Without it no line is an exit.
    package var hasExits: Bool
    /// Whether an index finds the lines of a ticket.
    package var findsLinesByTicket: Bool
    /// Whether an index finds the items of a sale.
    package var findsItemsBySale: Bool
    /// The tables that the role may not lock, although it may read what is needed: it was given columns alone.
    package var unlockableTables: Set<ReceptionTable> = []

    package init(hasExits: Bool = true, findsLinesByTicket: Bool = false, findsItemsBySale: Bool = false) {
        self.hasExits = hasExits
        self.findsLinesByTicket = findsLinesByTicket
        self.findsItemsBySale = findsItemsBySale
    }
}
