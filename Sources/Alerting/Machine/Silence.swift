package import FoundationEssentials
package import Monitoring

/// For a while nobody is told of a problem, or of any.
package struct Silence: Sendable, Hashable, Codable, Identifiable {
    /// The longest silence over one problem, in seconds: 30 days.
    package static let maximumSeconds = 30 * 86_400.0
    /// The longest silence over everything, in seconds: 7 days. A machine that says nothing for longer is forgotten.
    package static let maximumSecondsOverAll = 7 * 86_400.0

    /// Its number, shown as `s3`.
    package let id: Int64
    /// What it lies over; `nil` for everything.
    package let code: HealthReasonCode?
    /// Why.
    package let reason: String
    /// Who made it.
    package let by: String
    package let createdAt: Date
    /// When it ends, on the alerts' clock.
    package let endSeconds: Double

    /// Whether it lies over a problem.
    package func covers(_ code: HealthReasonCode) -> Bool { self.code == nil || self.code == code }

    /// When it ends, by the wall clock of a moment.
    package func endsAt(seenFrom moment: AlertMoment) -> Date {
        moment.date.addingTimeInterval(max(0, endSeconds - moment.seconds))
    }
}
