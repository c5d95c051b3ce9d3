import ControlAPI

/// How events are shown.
enum EventView {
    private static let kindWidth = 21

    /// One line: when, how bad, what kind, what.
    static func line(_ event: Event, terminal: Terminal) -> String {
        let severity = event.severity.padded(to: 7)
        let styled =
            switch event.severity {
            case "error": terminal.styled(severity, .bad)
            case "warning": terminal.styled(severity, .caution)
            default: severity
            }
        let time = terminal.styled(TimeText.localToTheSecond(event.time), .dim)
        return "\(time)  \(styled)  \(event.kind.padded(to: kindWidth))  \(event.message.printable)"
    }
}

extension String {
    /// Filled up with spaces at the right.
    func padded(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}
