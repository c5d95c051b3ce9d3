/// The generations of the application's rules for live reception statistics.
package enum ReceptionSemantics: String, Sendable, CaseIterable {
    /// The documented contract: what is open, and what was closed and sold in the last 24 hours.
    case rolling = "rolling-24h"
    /// Only what belongs to posts and cash sessions that were opened today.
    case openedToday = "opened-today"
    /// The same, with lines that leave the stock counted as going out.
    case openedTodayWithExits = "opened-today-with-exits"
}
