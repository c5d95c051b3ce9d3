import Alerting
import ControlAPI
import FoundationEssentials
import Monitoring
import State

/// Alerts in the words of the control interface.
enum AlertDescription {
    static func describe(
        _ alert: Alerting.Alert,
        _ state: AlertState,
        silences: [Alerting.Silence] = [],
        at moment: AlertMoment
    ) -> ControlAPI.Alert {
        let silence = silences.filter { $0.covers(alert.code) }.max { $0.endSeconds < $1.endSeconds }
        return ControlAPI.Alert(
            id: "a\(alert.id)",
            code: alert.code.rawValue,
            state: state.rawValue,
            level: alert.level.rawValue,
            worstLevel: alert.worst.rawValue,
            message: alert.reason.message,
            hint: alert.reason.hint.isEmpty ? nil : alert.reason.hint,
            since: TimeFormat.text(alert.since),
            firedAt: alert.firedAt.map(TimeFormat.text),
            resolvedAt: alert.resolvedAt.map(TimeFormat.text),
            acknowledgedBy: alert.acknowledgement?.by,
            acknowledgedAt: (alert.acknowledgement?.at).map(TimeFormat.text),
            acknowledgeReason: alert.acknowledgement?.note,
            escalatedAt: alert.escalatedAt.map(TimeFormat.text),
            silencedUntil: alert.phase == .resolved
                ? nil : silence.map { TimeFormat.text($0.endsAt(seenFrom: moment)) },
            told: alert.told.map(\.description),
            lastToldAt: alert.lastToldAt.map(TimeFormat.text)
        )
    }

    static func describe(_ overview: AlertOverview) -> [ControlAPI.Alert] {
        overview.open.map { describe($0.alert, $0.state, silences: overview.silences, at: overview.moment) }
    }

    static func describe(_ silence: Alerting.Silence, at moment: AlertMoment) -> ControlAPI.Silence {
        ControlAPI.Silence(
            id: "s\(silence.id)",
            code: silence.code?.rawValue,
            reason: silence.reason,
            by: silence.by,
            createdAt: TimeFormat.text(silence.createdAt),
            endsAt: TimeFormat.text(silence.endsAt(seenFrom: moment))
        )
    }

    /// Those who are told, then the service that is pinged.
    static func recipients(_ overview: AlertOverview) -> [ControlAPI.AlertRecipient] {
        let told = overview.recipients.map {
            describe($0.recipient, list: list($0.isSecondary), $0.record, waiting: $0.waiting)
        }
        return told
            + [overview.pings].compactMap(\.self).map { describe($0.recipient, list: "deadMan", $0, waiting: 0) }
    }

    private static func describe(
        _ recipient: Alerting.AlertRecipient,
        list: String,
        _ record: RecipientRecord?,
        waiting: Int
    ) -> ControlAPI.AlertRecipient {
        ControlAPI.AlertRecipient(
            channel: recipient.channel,
            recipient: recipient.address,
            list: list,
            deliveredAt: (record?.deliveredAt).map(TimeFormat.text),
            failingSince: (record?.failingSince).map(TimeFormat.text),
            waiting: Int64(waiting),
            error: record?.failingSince == nil
                ? nil : (record?.failure).map { describe($0, isRefused: record?.isRefused) }
        )
    }

    static func describe(_ delivery: Alerting.Delivery) -> ControlAPI.Delivery {
        ControlAPI.Delivery(
            message: delivery.message.id,
            kind: delivery.message.kind.rawValue,
            subject: delivery.message.subject,
            channel: delivery.recipient.channel,
            recipient: delivery.recipient.address,
            state: delivery.state.rawValue,
            attempts: Int64(delivery.attempts),
            createdAt: TimeFormat.text(delivery.message.createdAt),
            finishedAt: delivery.finishedAt.map(TimeFormat.text),
            error: delivery.state == .delivered ? nil : delivery.failure.map { describe($0) }
        )
    }

    static func describe(
        _ recipient: Alerting.AlertRecipient,
        isSecondary: Bool,
        _ outcome: DeliveryOutcome
    ) -> AlertTest {
        let (word, error): (String, Failure?) =
            switch outcome {
            case .delivered: ("delivered", nil)
            case .failed(let failure, _): ("failed", describe(failure))
            case .refused(let failure): ("refused", describe(failure, isRefused: true))
            }
        return AlertTest(
            channel: recipient.channel,
            recipient: recipient.address,
            list: list(isSecondary),
            outcome: word,
            error: error
        )
    }

    private static func describe(_ failure: DeliveryFailure, isRefused: Bool? = false) -> Failure {
        Failure(
            code: isRefused == true ? "deliveryRefused" : "deliveryFailed",
            message: failure.message,
            hint: failure.hint
        )
    }

    /// Why something holds in memory only.
    ///
    /// - Parameter folder: The state's.
    static func describe(_ unwritten: Unwritten, folder: String) -> Failure {
        let then = "this holds in memory, is written down as soon as it can be, and is lost if recyclicd ends before"
        switch unwritten {
        case .silent:
            let error = StateError.silent(folder)
            return Failure(code: error.code, message: "\(error.message): \(then)", hint: error.hint)
        case .failing(let reason):
            return Failure(
                code: "stateUnwritable",
                message: "the state folder '\(folder)' can't be written (\(reason)): \(then)",
                hint: "Look at the disk: df -h \(folder); dmesg | tail"
            )
        }
    }

    private static func list(_ isSecondary: Bool) -> String { isSecondary ? "escalation" : "primary" }
}
