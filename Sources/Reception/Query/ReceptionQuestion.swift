package import FoundationEssentials

/// What is asked. Requests with equal questions share one query.
package struct ReceptionQuestion: Sendable, Hashable {
    /// By which rules.
    package var rules: ReceptionRules
    /// The IANA name of the time zone in which "today" begins.
    package var timeZone: String
    /// The site whose sales are meant; `nil` for everything.
    package var site: UUID?
    /// The moment that the figures are of; `nil` is now, by the server's clock.
    package var moment: Date?

    package init(rules: ReceptionRules, timeZone: String = "UTC", site: UUID? = nil, moment: Date? = nil) {
        self.rules = rules
        self.timeZone = timeZone
        self.site = site
        self.moment = moment
    }

    /// The tables that its answer is read from.
    var tables: [ReceptionTable] {
        site == nil ? [.posts, .tickets, .lines, .sessions, .sales, .items] : [.sessions, .sales, .items, .sites]
    }

    /// The figures that answer it.
    package var figures: [ReceptionFigure] { site == nil ? rules.figures : rules.figuresOfOneSite }
}
