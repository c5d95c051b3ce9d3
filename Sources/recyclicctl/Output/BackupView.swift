import ControlAPI

/// How backups are shown: as a list and one in full.
enum BackupView {
    /// The table of `backups list`, newest first as the daemon sends them.
    static func table(_ backups: [Backup], now: Double) -> [String] {
        guard !backups.isEmpty else { return ["no backups yet: recyclicctl trigger-backup"] }
        var table = Table([
            ("BACKUP", .left), ("AGE", .left), ("DATA", .right), ("ADDED", .right), ("TOOK", .right), ("NOTES", .left),
        ])
        for backup in backups {
            let age = TimeText.seconds(backup.finishedAt).map { TimeText.duration(max(0, now - $0)) } ?? "?"
            table.add([
                backup.id, age, SizeText.size(backup.logicalBytes), SizeText.size(backup.addedBytes),
                TimeText.wholeSeconds(backup.durationSeconds), notes(of: backup),
            ])
        }
        return table.lines
    }

    private static func notes(of backup: Backup) -> String {
        var notes: [String] = []
        if let database = backup.database { notes.append("database \(database)") }
        if backup.pinned { notes.append("pinned" + (backup.pinReason.map { " (\($0))" } ?? "")) }
        if backup.provedAt != nil { notes.append("proved by a drill") }
        if !backup.findings.isEmpty { notes.append(SizeText.count(Int64(backup.findings.count), "finding")) }
        return notes.joined(separator: ", ")
    }

    /// The lines of `backups show`.
    static func lines(_ details: BackupDetails, terminal: Terminal, now: Double) -> [String] {
        let backup = details.backup
        var rows: [(String, String)] = [
            ("Backup", backup.id),
            ("Taken", "\(TimeText.local(backup.startedAt)), \(TimeText.relative(backup.finishedAt, now: now))"),
            ("Took", TimeText.wholeSeconds(backup.durationSeconds)),
            ("Data", "\(SizeText.size(backup.logicalBytes)) in \(SizeText.count(backup.files, "file"))"),
            ("Added", "\(SizeText.size(backup.addedBytes)), codec \(details.codec)"),
            (
                "Chunks",
                "\(SizeText.grouped(details.chunks)): \(SizeText.grouped(details.newChunks)) new, "
                    + "of them \(SizeText.grouped(details.deltaChunks)) as differences"
            ),
            ("Server", "PostgreSQL \(backup.serverVersion), system \(backup.cluster)"),
            ("Checksums", details.dataChecksums ? "on" : "off: damaged pages can't be noticed"),
            ("Superusers", details.superusers.isEmpty ? "none known" : details.superusers.joined(separator: ", ")),
            ("Pinned", backup.pinned ? "yes" + (backup.pinReason.map { ": \($0)" } ?? "") : "no"),
            ("Proved", backup.provedAt.map { "by a drill at \(TimeText.local($0))" } ?? "not yet"),
            ("File", backup.fileName),
        ]
        if let wal = details.wal {
            let text = "\(wal.startLSN) to \(wal.endLSN), timeline \(wal.timeline), "
            rows.insert(("WAL", text + SizeText.count(wal.segments, "segment")), at: 6)
        }
        if let database = backup.database { rows.insert(("Database", database), at: 1) }
        if let previous = details.previous { rows.append(("Previous", previous)) }
        var lines = aligned(rows, terminal: terminal)
        lines += section("Databases", details.databases.map(database))
        lines += section("Tablespaces", details.tablespaces.map { "\($0.oid) at \($0.location)" })
        lines += section("Configuration files", details.configurationFiles)
        lines += section("Findings", backup.findings.map(finding))
        lines += section("Not available", details.notAvailable.map { "\($0.feature): \($0.grant)" })
        return lines
    }

    private static func database(_ database: DatabaseFacts) -> String {
        var parts = [database.name]
        if let size = database.sizeBytes { parts.append(SizeText.size(size)) }
        if let encoding = database.encoding { parts.append(encoding) }
        if !database.extensions.isEmpty { parts.append("extensions " + database.extensions.joined(separator: " ")) }
        return parts.joined(separator: ", ")
    }

    private static func finding(_ finding: Finding) -> String {
        let place = finding.path.map { path in " (\(path)" + (finding.block.map { ", block \($0)" } ?? "") + ")" } ?? ""
        return finding.message + place
    }

    private static func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["\(title):"] + lines.map { "  \($0)" }
    }

    private static func aligned(_ rows: [(String, String)], terminal: Terminal) -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { row in
            let padding = String(repeating: " ", count: width - row.0.count)
            return "\(terminal.styled(row.0, .dim))\(padding)  \(row.1)"
        }
    }
}
