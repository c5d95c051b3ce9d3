package import FoundationEssentials

/// A moment, by the two clocks that alerts know.
package struct AlertMoment: Sendable, Hashable {
    /// Seconds on the alerts' own clock. It only goes forward, at the pace of time, across restarts too; all waiting is
    /// counted on it, so that setting the wall clock neither causes messages nor keeps any back.
    package var seconds: Double
    /// The wall clock, for what people read.
    package var date: Date

    package init(seconds: Double, date: Date) {
        self.seconds = seconds
        self.date = date
    }
}
