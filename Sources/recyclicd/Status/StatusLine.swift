import Monitoring

/// The daemon's state in one line, as `systemctl status` shows it.
enum StatusLine {
    static func text(_ report: HealthReport) -> String {
        let level = report.level.rawValue.uppercased()
        guard let first = report.reasons.first else { return "\(level): everything that can be known is good" }
        let more = report.reasons.count - 1
        return "\(level): \(first.message)" + (more > 0 ? " (and \(more) more: recyclicctl status)" : "")
    }
}
