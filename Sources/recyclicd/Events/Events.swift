import FoundationEssentials
import Monitoring
import State

/// The words of events that tell of the daemon and of what lasts.
enum Events {
    // MARK: - The daemon

    /// The daemon begins to work.
    ///
    /// - Parameters:
    ///   - previous: The run before, as it was left.
    ///   - lastMeasuredAt: When that run measured last.
    ///   - wasRestarted: Whether the machine was started since then.
    static func started(
        version: String,
        after previous: DaemonRun?,
        lastMeasuredAt: Date? = nil,
        wasRestarted: Bool = false
    ) -> [EventDraft] {
        var drafts: [EventDraft] = []
        if let previous, previous.endedAt == nil {
            let last = lastMeasuredAt.map { "; it measured last at \(HumanText.time($0))" } ?? ""
            let cause =
                wasRestarted
                ? "the machine went down or was restarted under it"
                : "it was killed, it crashed, or the machine lost power"
            drafts.append(
                EventDraft(.daemonDied, .warning, "recyclicd had ended without being stopped: \(cause)\(last)")
            )
        }
        let before = previous.flatMap { $0.version == version ? nil : " (\($0.version) before)" } ?? ""
        drafts.append(EventDraft(.daemonStarted, .info, "recyclicd \(version) started\(before)"))
        return drafts
    }

    /// The daemon ends.
    ///
    /// - Parameter error: What made it end, other than being asked to.
    static func stopped(_ error: (any Error)? = nil) -> EventDraft {
        guard let error else { return EventDraft(.daemonStopped, .info, "recyclicd was stopped") }
        return EventDraft(.daemonStopped, .error, "recyclicd ended by an error: \(error)")
    }

    /// The configuration was read again.
    static func reloaded(_ change: SettingsChange, by author: String) -> EventDraft {
        var message = "the configuration was read again"
        message += change.changed.isEmpty ? ", nothing changed" : ": \(change.changed.joined(separator: ", ")) changed"
        if !change.needRestart.isEmpty {
            message += "; a restart is needed for: \(change.needRestart.joined(separator: ", "))"
        }
        return EventDraft(.configurationReloaded, .info, "\(message) (asked by \(author))")
    }

    /// A configuration was not taken.
    static func refused(_ failure: JobFailure, by author: String) -> EventDraft {
        EventDraft(
            .configurationRefused,
            .error,
            "the configuration was not taken, the present one stays: \(failure.message) (asked by \(author))"
        )
    }

    // MARK: - Backups

    /// Somebody said something of a backup.
    static func marked(_ kind: EventKind, _ id: String, by author: String, reason: String? = nil) -> EventDraft {
        let what =
            switch kind {
            case .backupPinned: "pinned"
            case .backupUnpinned: "unpinned"
            default: "deleted"
            }
        let why = reason.map { ": \($0)" } ?? ""
        return EventDraft(kind, .info, subject: id, "backup \(id) was \(what) by \(author)\(why)")
    }

    // MARK: - What lasts

    /// The database answers no more, or again.
    static func database(_ change: WatchedConditions.Change, trouble: String?, now: Date) -> EventDraft {
        guard let trouble else {
            return EventDraft(.databaseBack, .info, "the database answers again\(lasted(change, now))")
        }
        return EventDraft(.databaseLost, .error, "the database can't be reached: \(trouble)")
    }

    /// The repository can't be used any more, or can again.
    static func repository(_ change: WatchedConditions.Change, trouble: String?, now: Date) -> EventDraft {
        guard let trouble else {
            return EventDraft(.repositoryBack, .info, "the repository can be used again\(lasted(change, now))")
        }
        return EventDraft(.repositoryLost, .error, "the repository can't be used: \(trouble)")
    }

    /// How the free space stands. Space that goes up and down around a threshold makes one event: it counts as enough only when
    /// it is a tenth more.
    static func diskLevel(
        before: WatchedConditions.Level,
        freeBytes: Int64,
        thresholds: HealthThresholds
    ) -> WatchedConditions.Level {
        func level(_ free: Int64) -> WatchedConditions.Level {
            if free < thresholds.freeCriticalBytes { return .bad }
            return free < thresholds.freeWarningBytes ? .poor : .good
        }
        let plain = level(freeBytes)
        return plain < before ? min(before, level(freeBytes - freeBytes / 11)) : plain
    }

    /// The repository's file system has little space, or enough again.
    static func disk(
        _ change: WatchedConditions.Change,
        to level: WatchedConditions.Level,
        freeBytes: Int64,
        thresholds: HealthThresholds
    ) -> EventDraft {
        let free = "the repository's file system has \(HumanText.size(freeBytes)) free"
        switch level {
        case .good: return EventDraft(.diskRecovered, .info, "\(free) again")
        case .poor where change.before == .bad:
            return EventDraft(.diskRecovered, .info, "\(free): backups are taken again")
        case .poor:
            let limit = HumanText.size(thresholds.freeCriticalBytes)
            return EventDraft(.diskLow, .warning, "\(free); backups stop at \(limit)")
        case .bad: return EventDraft(.diskLow, .error, "\(free); no backup is taken until there is more")
        }
    }

    private static func lasted(_ change: WatchedConditions.Change, _ now: Date) -> String {
        change.since.map { " after \(HumanText.duration(max(0, now.timeIntervalSince($0))))" } ?? ""
    }
}
