/// The generations of the application's rules: what counts, and which figures there are.
package enum ReceptionRules: String, Sendable, Hashable, CaseIterable {
    /// The documented contract: open tickets of any age, and what was closed and sold in the last 24 hours.
    case rolling = "rolling-24h"
    /// Of that only what belongs to posts and cash sessions opened since the beginning of the day.
    case openedToday = "opened-today"
    /// The same, with lines that leave the stock (`is_exit`) counted as going out.
    case openedTodayWithExits = "opened-today-with-exits"

    /// Whether posts and cash sessions must have been opened today.
    var needsOpeningToday: Bool { self != .rolling }

    /// Whether lines can be exits.
    var knowsExits: Bool { self == .openedTodayWithExits }

    /// The figures that these rules have. The number of items came after the documented contract.
    package var figures: [ReceptionFigure] {
        ReceptionFigure.allCases.filter { $0 != .itemsReceived || needsOpeningToday }
    }

    /// The figures that can be had for one site: sales belong to a site by their cash session. Tickets belong to none, and
    /// with exits their lines are part of what goes out.
    package var figuresOfOneSite: [ReceptionFigure] {
        knowsExits ? [.turnover, .donations] : [.turnover, .donations, .weightOut]
    }
}
