import Monitoring
import Protection

/// What a restore prints.
enum RestoreText {
    static func lines(_ preview: RestorePreview) -> [String] {
        var lines = [
            "backup      \(preview.backup) of cluster \(preview.cluster)",
            "target      \(preview.target), owned by \(preview.owner)",
            "size        \(HumanText.size(preview.logicalBytes)) in \(preview.files) files, "
                + "and \(HumanText.size(preview.walBytes)) of WAL",
            "free space  \(HumanText.size(preview.freeBytes))",
            "starts      \(preview.server), timeline \(preview.timeline), replaying \(preview.startLSN) to \(preview.endLSN)",
        ]
        lines += preview.tablespaces.map { "tablespace  \($0.oid): \($0.original) goes to \($0.restored)" }
        lines += preview.settingsChanged.map { "setting     \(text($0))" }
        if preview.findings > 0 {
            lines.append("findings    \(preview.findings): recyclicctl backups show \(preview.backup)")
        }
        lines.append("nothing was written: this is a preview")
        return lines
    }

    static func text(_ change: SettingChange) -> String {
        let old = change.old.map { "'\($0)'" } ?? "(not shown)"
        return "\(change.name): \(old) becomes '\(change.new)'"
    }
}
