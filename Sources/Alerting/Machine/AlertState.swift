/// How an alert stands, as people are told.
package enum AlertState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Seen, and not told yet.
    case pending
    /// Told, and told again until somebody acknowledges it.
    case firing
    /// Somebody knows; quiet until it gets worse, or is over and comes back.
    case acknowledged
    /// Quiet until the silence ends.
    case silenced
    /// Over.
    case resolved

    /// - Parameters:
    ///   - alert: The alert.
    ///   - isSilenced: Whether a silence lies over it.
    init(_ alert: Alert, isSilenced: Bool) {
        self =
            switch alert.phase {
            case .pending: isSilenced ? .silenced : .pending
            case .firing: isSilenced ? .silenced : .firing
            case .acknowledged: .acknowledged
            case .resolved: .resolved
            }
    }
}
