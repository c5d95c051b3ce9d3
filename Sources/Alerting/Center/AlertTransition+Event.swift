import FoundationEssentials
import Monitoring
package import State

extension AlertTransition {
    /// The event that tells of it; `nil` where nothing is to be told.
    package func event(seenFrom moment: AlertMoment) -> EventDraft? {
        switch self {
        case .fired(let alert):
            Self.event(.alertFired, Self.severity(alert.level), alert, alert.reason.message)
        case .worsened(let alert):
            Self.event(.alertWorsened, .error, alert, "it is critical now: \(alert.reason.message)")
        case .grown(let alert):
            Self.event(
                .alertWorsened,
                Self.severity(alert.level),
                alert,
                "there is more of it than was acknowledged: \(alert.reason.message)"
            )
        case .eased(let alert):
            Self.event(.alertEased, .info, alert, "it is a \(alert.level.rawValue) only: \(alert.reason.message)")
        case .acknowledged(let alert):
            Self.event(
                .alertAcknowledged,
                .info,
                alert,
                "acknowledged by \(alert.acknowledgement?.by ?? "somebody")"
                    + (alert.acknowledgement?.note.map { ": \($0)" } ?? "")
            )
        case .escalated(let alert):
            Self.event(.alertEscalated, .warning, alert, "nobody acknowledged it; those who come second are told")
        case .resolved(let alert):
            Self.event(
                .alertResolved,
                .info,
                alert,
                "over after \(HumanText.duration(max(0, moment.date.timeIntervalSince(alert.beganAt))))"
            )
        case .replaced(let alert, let heir):
            Self.event(
                .alertResolved,
                .info,
                alert,
                "\(heir.rawValue) took its place after "
                    + HumanText.duration(max(0, moment.date.timeIntervalSince(alert.beganAt)))
            )
        case .forgotten: nil
        case .silenced(let silence):
            EventDraft(
                .alertSilenced,
                .info,
                subject: silence.code?.rawValue,
                "\(silence.code?.rawValue ?? "all alerts") silenced by \(silence.by) until "
                    + "\(HumanText.time(silence.endsAt(seenFrom: moment))): \(silence.reason)"
            )
        case .unsilenced(let silence, let by):
            EventDraft(
                .alertUnsilenced,
                .info,
                subject: silence.code?.rawValue,
                "the silence over \(silence.code?.rawValue ?? "all alerts") "
                    + (by.map { "was ended by \($0)" } ?? "is over")
            )
        }
    }

    private static func severity(_ level: HealthLevel) -> EventSeverity { level == .critical ? .error : .warning }

    private static func event(
        _ kind: EventKind,
        _ severity: EventSeverity,
        _ alert: Alert,
        _ message: String
    ) -> EventDraft {
        EventDraft(
            kind,
            severity,
            subject: alert.code.rawValue,
            "alert a\(alert.id), \(alert.code.rawValue): \(message)"
        )
    }
}
