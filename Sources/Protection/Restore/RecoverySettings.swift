package import PostgresClient

/// What a restored server's postgresql.auto.conf must say so that it recovers to the promised point and then runs alone.
///
/// Every `recovery_target…` is set, with '' where unused: a leftover of an earlier recovery would end the start with a
/// FATAL. The WAL lies inside the data directory and is fetched by a relative path, so that the directory can be mounted
/// anywhere.
package struct RecoverySettings: Hashable, Sendable {
    /// The folder, within the data directory, that holds the backup's WAL until recovery is over.
    package static let walFolder = "recyclic_wal"

    /// Where recovery ends.
    package enum Target: Hashable, Sendable {
        /// As soon as the backup is consistent: its own end.
        case endOfBackup
        /// At the end of the WAL that is there.
        case endOfWAL
        /// At this position, which is included.
        case position(LSN)
        /// At the last commit at or before this moment; PostgreSQL's spelling with a time zone.
        case time(String)
        /// At the named restore point.
        case name(String)
    }

    /// Where recovery ends.
    package let target: Target
    /// The timeline to recover along, from 1.
    package let timeline: UInt32
    /// The limits that the source ran with: a server that recovers must not have lower ones.
    package let limits: ServerLimits

    /// - Parameters:
    ///   - target: Where recovery ends.
    ///   - timeline: The timeline to recover along, from 1.
    ///   - limits: The limits of the source, from its control file.
    package init(target: Target, timeline: UInt32, limits: ServerLimits) {
        self.target = target
        self.timeline = timeline
        self.limits = limits
    }

    /// The settings in the order they are written.
    package var settings: [(name: String, value: String)] {
        recovery + isolation + limits.settings
    }

    private var recovery: [(name: String, value: String)] {
        let used: (name: String, value: String)? =
            switch target {
            case .endOfBackup: ("recovery_target", "immediate")
            case .endOfWAL: nil
            case .position(let position): ("recovery_target_lsn", position.description)
            case .time(let time): ("recovery_target_time", time)
            case .name(let name): ("recovery_target_name", name)
            }
        // The server takes even an empty target for a second one when it comes after the one that is set
        // (src/backend/access/transam/xlogrecovery.c, assign_recovery_target), so the empty ones go first.
        let targets =
            ["recovery_target", "recovery_target_time", "recovery_target_lsn", "recovery_target_name"]
            + ["recovery_target_xid"]
        let unused = targets.filter { $0 != used?.name }.map { (name: $0, value: "") }
        return [
            ("restore_command", "cp \(Self.walFolder)/%f %p"),
            ("recovery_end_command", "rm -rf \(Self.walFolder)"),
            ("archive_cleanup_command", ""),
        ] + unused + (used.map { [$0] } ?? []) + [
            ("recovery_target_inclusive", "on"),
            ("recovery_target_timeline", "\(timeline)"),
            ("recovery_target_action", "promote"),
        ]
    }

    /// What would tie the copy to other machines: it must neither archive over the source's WAL, nor wait for the
    /// source's standbys, nor stream from the source's primary.
    private var isolation: [(name: String, value: String)] {
        [
            // With archiving on and no command, WAL would pile up.
            ("archive_mode", "off"),
            ("archive_command", ""),
            ("primary_conninfo", ""),
            ("primary_slot_name", ""),
            ("synchronous_standby_names", ""),
        ]
    }

    /// `postgresql.auto.conf` with these settings and, of what it held, everything that they don't replace.
    ///
    /// - Parameter text: The file as it was; empty when there was none.
    package func rewriting(_ text: String) -> String {
        let replaced = Set(settings.map(\.name) + ["archive_library"])
        let kept = text.split(separator: "\n", omittingEmptySubsequences: true).filter { line in
            guard let name = ConfigurationLine(String(line)).name else { return true }
            return !replaced.contains(name)
        }
        return (kept.map(String.init) + [Self.remark] + lines).map { $0 + "\n" }.joined()
    }

    /// `postgresql.auto.conf` with these settings alone, as a drill's server gets it.
    package var text: String {
        ([Self.remark] + lines).map { $0 + "\n" }.joined()
    }

    private static let remark =
        "# Written by recyclicd's restore: recovery from the backup, and no ties to other servers."

    private var lines: [String] {
        settings.map { ConfigurationLine.setting($0.name, $0.value) }
    }

    /// Settings of the source that the copy does not take over, for the operator to read: those that held something.
    ///
    /// - Parameter text: `postgresql.auto.conf` or `postgresql.conf` as it was.
    package func changes(to text: String) -> [SettingChange] {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let line = ConfigurationLine(String(line))
            if let name = line.name, let value = line.value { values[name] = value }
        }
        return settings.compactMap { setting in
            guard let old = values[setting.name], old != setting.value else { return nil }
            // A connection string may hold a password: that it changed is enough to know.
            let shown = setting.name == "primary_conninfo" ? nil : old
            return SettingChange(name: setting.name, old: shown, new: setting.value)
        }
    }
}
