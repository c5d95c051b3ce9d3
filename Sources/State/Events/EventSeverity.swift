/// How much an event matters.
package enum EventSeverity: String, Sendable, Hashable, CaseIterable, Codable {
    /// Worth knowing.
    case info
    /// Worth a look.
    case warning
    /// Something is broken.
    case error
}
