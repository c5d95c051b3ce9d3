package import FoundationEssentials

/// The wall clock was set.
package struct ClockJump: Sendable, Hashable, Codable {
    /// When it was noticed, by the new time.
    package var noticedAt: Date
    /// By how much: positive for forward, negative for back.
    package var seconds: Double

    package init(noticedAt: Date, seconds: Double) {
        self.noticedAt = noticedAt
        self.seconds = seconds
    }
}
