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

    static func lines(_ preview: DumpRestorePreview, replaces: Bool, endsSessions: Bool) -> [String] {
        let state =
            switch preview.targetState {
            case "absent": "a new database"
            case "empty": "in the place of an empty database"
            default: "in the place of the database of that name, which is dumped first and kept under another name"
            }
        var lines = [
            "backup      \(preview.backup) of database \(preview.database), as of \(preview.restorablePoint)",
            "target      \(preview.target): \(state)",
            "server      PostgreSQL \(preview.serverVersion)",
            "database    owned by \(preview.owner), \(preview.encoding), locale \(preview.locale)",
            "size        \(HumanText.size(preview.logicalBytes)) of dump",
        ]
        if !preview.missingRoles.isEmpty {
            lines.append("roles       missing: \(preview.missingRoles.joined(separator: ", "))")
            lines.append(
                "            recyclicctl export \(preview.backup) --globals --to globals.sql, and run their lines of it; or --no-owner"
            )
        }
        if !preview.missingTablespaces.isEmpty {
            let names = preview.missingTablespaces.joined(separator: ", ")
            lines.append("space       missing tablespaces: \(names); make them, or --no-tablespaces")
        }
        lines += preview.sessions.map { session in
            let isForeign = preview.foreignSessions.contains(session)
            return "connected   \(session)" + (isForeign ? ", may not be ended" : endsSessions ? ", will be ended" : "")
        }
        lines += preview.notes.map { "note        \($0)" }
        lines.append("nothing was changed: this is a preview")
        return lines
    }

    static func lines(_ result: DumpRestoreResult) -> [String] {
        let preview = result.preview
        var lines = [
            "restored \(preview.backup) into database \(preview.targetDatabase): \(HumanText.size(preview.logicalBytes)), "
                + "in \(HumanText.duration(result.durationSeconds)); every chunk was checked"
        ]
        if let saved = result.savedAs { lines.append("  what it replaced was dumped before: \(saved), pinned") }
        if let kept = result.keptAs {
            let name = kept.replacing("\"", with: "\"\"")
            lines.append(
                "  and is still there under another name; when it is not needed any more: DROP DATABASE \"\(name)\""
            )
        }
        return lines + result.notes.map { "  note: \($0)" }
    }

    static func text(_ change: SettingChange) -> String {
        let old = change.old.map { "'\($0)'" } ?? "(not shown)"
        return "\(change.name): \(old) becomes '\(change.new)'"
    }
}
