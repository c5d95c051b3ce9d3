import Glibc

/// What a service tells the service manager, as sd_notify(3) puts it: lines of `NAME=value`.
package struct ServiceMessage: Sendable, Hashable {
    /// The longest status; systemctl shows one line of it.
    private static let maximumStatusBytes = 300

    /// The message.
    package let text: String

    private init(_ lines: [String]) { text = lines.joined(separator: "\n") }

    /// The service answers. After ``reloading(at:)`` it says that the reload is over.
    ///
    /// - Parameter status: The state in one line.
    package static func ready(status: String? = nil) -> ServiceMessage {
        ServiceMessage(["READY=1"] + (status.map { [line(status: $0)] } ?? []))
    }

    /// The state in one line.
    package static func status(_ text: String) -> ServiceMessage { ServiceMessage([line(status: text)]) }

    /// The configuration is being read again.
    ///
    /// - Parameter microseconds: What the monotonic clock says now; by it the manager knows which reload this is.
    package static func reloading(at microseconds: UInt64) -> ServiceMessage {
        ServiceMessage(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)"])
    }

    /// The service is about to end.
    package static func stopping(status: String) -> ServiceMessage {
        ServiceMessage(["STOPPING=1", line(status: status)])
    }

    /// All parts of the service are alive.
    package static let alive = ServiceMessage(["WATCHDOG=1"])

    /// What the service does at the moment, starting or ending, takes so long still.
    package static func extendTimeout(by duration: Duration) -> ServiceMessage {
        let (seconds, attoseconds) = duration.components
        return ServiceMessage(["EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)"])
    }

    /// A line break in a status would begin another assignment.
    private static func line(status: String) -> String {
        var status = String(status.map { $0.isNewline ? " " : $0 })
        if status.utf8.count > maximumStatusBytes {
            while status.utf8.count > maximumStatusBytes - 3 { status.removeLast() }
            status += "…"
        }
        return "STATUS=\(status)"
    }
}
