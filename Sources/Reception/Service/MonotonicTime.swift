/// Time by a clock that nobody sets.
package enum MonotonicTime {
    private static let start = ContinuousClock.now

    /// The time since the first time that anybody asked.
    package static func sinceStart() -> Duration { start.duration(to: .now) }
}
