/// One of the figures, by the name that it has in the application's answer.
package enum ReceptionFigure: String, Sendable, Hashable, CaseIterable {
    /// Tickets that are open now.
    case ticketsOpen = "tickets_open"
    /// Tickets that were closed in the last 24 hours.
    case ticketsClosed = "tickets_closed_24h"
    /// Lines of the tickets that were closed in the last 24 hours.
    case itemsReceived = "items_received"
    /// Euros of the sales of the last 24 hours, without donations.
    case turnover = "turnover_eur"
    /// Euros donated with those sales.
    case donations = "donations_eur"
    /// Kilograms that came in: on open tickets, and on those closed in the last 24 hours.
    case weightIn = "weight_in"
    /// Kilograms that went out: sold, and by rules with exits also on lines that leave the stock.
    case weightOut = "weight_out"

    /// Decimals that it is rounded to: whole numbers, cents, or grams.
    package var decimals: Int {
        switch self {
        case .ticketsOpen, .ticketsClosed, .itemsReceived: 0
        case .turnover, .donations: 2
        case .weightIn, .weightOut: 3
        }
    }
}
