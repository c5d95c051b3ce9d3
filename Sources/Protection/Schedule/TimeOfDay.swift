/// A time on the clock on the wall, to the minute.
package struct TimeOfDay: Sendable, Hashable {
    /// 0 to 23.
    package let hour: Int
    /// 0 to 59.
    package let minute: Int

    /// - Returns: `nil` when there is no such time.
    package init?(hour: Int, minute: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
        self.hour = hour
        self.minute = minute
    }

    /// Seconds since midnight by the clock on the wall.
    var seconds: Int { hour * 3600 + minute * 60 }
}
