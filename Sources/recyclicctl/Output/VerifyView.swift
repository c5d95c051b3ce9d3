import ControlAPI

/// How the report of a verification is shown.
enum VerifyView {
    static func lines(_ report: VerifyReport, terminal: Terminal) -> [String] {
        let scope = SizeText.count(Int64(report.backups.count), "backup")
        var read = "\(SizeText.count(report.checkedObjects, "object")), \(SizeText.size(report.checkedBytes)) read"
        if report.skippedObjects > 0 {
            read += ", \(SizeText.count(report.skippedObjects, "object")) verified before (--full reads all)"
        }
        let seconds = TimeText.duration(report.durationSeconds)
        let outcome = report.ok ? terminal.styled("good", .good) : terminal.styled("DAMAGED", .bad)
        var lines = ["\(outcome): \(scope), \(read), in \(seconds)"]
        for object in report.damaged {
            lines.append("  \(object.name): \(object.reason)")
            let affected = object.affects.isEmpty ? "no backup" : object.affects.joined(separator: ", ")
            lines.append("    affects \(affected)")
        }
        lines += report.notes.map { "  note: \($0)" }
        if !report.ok {
            let names = report.damaged.map(\.name)
            if names.contains(where: { $0.hasPrefix("packs/") || $0.hasPrefix("chunk ") }) {
                lines.append("  → the next backup stores damaged chunks again where the source still has them:")
                lines.append("    recyclicctl trigger-backup")
            }
            if names.contains(where: { $0.hasPrefix("clusters/") }) {
                lines.append("  → what lies below clusters/ can't be made again: copy it back from another copy, or")
                lines.append("    recyclicctl backups delete ID")
            }
        }
        return lines
    }
}
