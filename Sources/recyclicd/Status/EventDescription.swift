import ControlAPI
import State
import Varlink

/// Events as the control interface shows them.
enum EventDescription {
    static func describe(_ event: State.Event) -> ControlAPI.Event {
        ControlAPI.Event(
            id: event.id,
            time: TimeFormat.text(event.time),
            kind: event.kind,
            severity: event.severity.rawValue,
            subject: event.subject,
            message: event.message,
            details: event.details.flatMap { try? JSONValue(parsing: $0.text) }
        )
    }
}
