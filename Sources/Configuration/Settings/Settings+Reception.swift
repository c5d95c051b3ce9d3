extension Settings {
    /// Live reception statistics.
    package struct Reception: Sendable, Equatable {
        /// `LIVE_RECEPTION_STATS_ENABLED`; `nil` is `auto`: on where one of the reception's tables is.
        package let isEnabled: Bool?
        /// Which generation of the application's rules the figures follow.
        package let semantics: ReceptionSemantics
        /// An IANA name that `TimeZone(identifier:)` knows: the zone in which "today" begins.
        package let timeZone: String
        /// The application's `SECRET_KEY`, which signs its tokens.
        package let secretKey: Secret?
    }
}
