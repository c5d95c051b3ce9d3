/// What the configuration says of the statistics at this moment.
package struct ReceptionMode: Sendable, Hashable {
    /// Whether they are on; `nil` is where one of the reception's tables is.
    package var isEnabled: Bool?
    /// By which rules.
    package var rules: ReceptionRules
    /// The IANA name of the time zone in which "today" begins.
    package var timeZone: String

    package init(isEnabled: Bool? = nil, rules: ReceptionRules = .rolling, timeZone: String = "UTC") {
        self.isEnabled = isEnabled
        self.rules = rules
        self.timeZone = timeZone
    }
}
