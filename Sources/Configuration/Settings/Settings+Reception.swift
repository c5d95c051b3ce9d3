extension Settings {
    /// Live reception statistics.
    package struct Reception: Sendable, Equatable {
        /// `LIVE_RECEPTION_STATS_ENABLED`.
        package let isEnabled: Bool
        /// The application's `SECRET_KEY`, which signs its tokens.
        package let secretKey: Secret?
    }
}
