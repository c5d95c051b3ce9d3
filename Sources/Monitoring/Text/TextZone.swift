package import FoundationEssentials

/// The time zone that times in sentences are told in.
package struct TextZone: Sendable {
    /// The distance of the zone's time from UTC at a time, in seconds.
    package let secondsFromUTC: @Sendable (Date) -> Int

    package init(_ secondsFromUTC: @escaping @Sendable (Date) -> Int) {
        self.secondsFromUTC = secondsFromUTC
    }

    /// UTC itself.
    package static let utc = TextZone { _ in 0 }
}
