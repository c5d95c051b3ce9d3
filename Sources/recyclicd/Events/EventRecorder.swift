import Blocking
import FoundationEssentials
import Logging
import Monitoring
import State

/// Records what an operator wants to read later; the one place through which the daemon's parts do so.
///
/// Recording never breaks the work that it tells of: what can't be written, as on a full disk, waits here and is written in
/// its order as soon as it can be.
actor EventRecorder {
    /// How many events may wait; the oldest go first, as in the state.
    private static let maximumWaiting = 500

    private let state: StateStore
    private let logger: Logger
    private var waiting: [(draft: EventDraft, time: Date)] = []
    private var isWriting = false
    private var conditions = WatchedConditions()
    private var isRemembered = true
    private var hasConditions = false

    init(state: StateStore, logger: Logger) {
        self.state = state
        self.logger = logger
    }

    /// Records an event, at once or as soon as it can be.
    func record(_ draft: EventDraft, at time: Date = Date()) async {
        if waiting.count >= Self.maximumWaiting { waiting.removeFirst() }
        waiting.append((draft, time))
        await flush()
    }

    /// Records several events.
    func record(_ drafts: [EventDraft], at time: Date = Date()) async {
        for draft in drafts { await record(draft, at: time) }
    }

    /// Tries again to write what waits.
    func flush() async {
        guard !isWriting else { return }
        isWriting = true
        defer { isWriting = false }
        // Others may bring more while something is being written; who writes sees to that as well.
        while await writeEvents(), !isRemembered {
            let noted = conditions
            do {
                try await state.set(.conditions, to: noted)
                isRemembered = conditions == noted
            } catch {
                logger.debug("how things stand could not be noted, will retry", metadata: [LogKey.error: "\(error)"])
                return
            }
        }
    }

    /// - Returns: Whether all that waited is written.
    private func writeEvents() async -> Bool {
        while !waiting.isEmpty {
            let next = waiting.removeFirst()
            do {
                try await state.recordEvent(next.draft, at: next.time)
            } catch {
                if waiting.count < Self.maximumWaiting { waiting.insert(next, at: 0) }
                logger.debug("an event could not be recorded, will retry", metadata: [LogKey.error: "\(error)"])
                return false
            }
        }
        return true
    }

    // MARK: - What lasts

    /// Takes note of whether the database answers.
    func observe(database trouble: (any OperatorError)?, at now: Date = Date()) async {
        await observe(.database, trouble == nil ? .good : .bad, at: now) {
            Events.database($0, trouble: trouble?.message, now: now)
        }
    }

    /// Takes note of whether the repository can be used.
    func observe(repository trouble: String?, at now: Date) async {
        await observe(.repository, trouble == nil ? .good : .bad, at: now) {
            Events.repository($0, trouble: trouble, now: now)
        }
    }

    /// Takes note of the free space on the repository's file system.
    func observe(freeBytes: Int64, thresholds: HealthThresholds, at now: Date) async {
        await loadConditions()
        let level = Events.diskLevel(
            before: conditions[.disk]?.level ?? .good,
            freeBytes: freeBytes,
            thresholds: thresholds
        )
        await observe(.disk, level, at: now) {
            Events.disk($0, to: level, freeBytes: freeBytes, thresholds: thresholds)
        }
    }

    private func observe(
        _ subject: WatchedConditions.Subject,
        _ level: WatchedConditions.Level,
        at now: Date,
        _ draft: (WatchedConditions.Change) -> EventDraft
    ) async {
        await loadConditions()
        let before = conditions
        let change = conditions.observe(subject, level, at: now)
        if conditions != before { isRemembered = false }
        if let change { await record(draft(change), at: now) } else if !isRemembered { await flush() }
    }

    /// What an earlier run of the daemon knew; without it, nothing is known.
    private func loadConditions() async {
        guard !hasConditions else { return }
        let known = try? await state.value(.conditions)
        // Somebody else may have loaded them meanwhile, and changed them.
        guard !hasConditions else { return }
        hasConditions = true
        if let known { conditions = known }
    }
}
