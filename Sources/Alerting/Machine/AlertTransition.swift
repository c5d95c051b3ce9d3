package import Monitoring

/// Something that happened to an alert or a silence, for the record.
package enum AlertTransition: Sendable, Hashable {
    /// It is told from now on.
    case fired(Alert)
    /// It got worse.
    case worsened(Alert)
    /// There is more of it than somebody acknowledged, or it happened again.
    case grown(Alert)
    /// It got better, and is not over.
    case eased(Alert)
    /// Somebody knows.
    case acknowledged(Alert)
    /// It went to those who come second.
    case escalated(Alert)
    /// It is over.
    case resolved(Alert)
    /// Something worse took its place.
    case replaced(Alert, by: HealthReasonCode)
    /// It went away before it was told.
    case forgotten(Alert)
    /// A silence began.
    case silenced(Silence)
    /// A silence is over: somebody ended it, or its time was up.
    case unsilenced(Silence, by: String?)
}
