import Synchronization

/// How far a long piece of work has come, at one moment.
package struct ProgressSnapshot: Sendable, Equatable {
    /// What the work is doing, in one or two words: `copying`, `verifying`.
    package var phase: String
    /// Bytes handled in this phase.
    package var bytesDone: Int64
    /// Bytes that this phase will handle, where known.
    package var bytesTotal: Int64?
    /// Files (or objects) handled in this phase.
    package var filesDone: Int64
    /// Files (or objects) that this phase will handle, where known.
    package var filesTotal: Int64?

    package init(
        phase: String,
        bytesDone: Int64 = 0,
        bytesTotal: Int64? = nil,
        filesDone: Int64 = 0,
        filesTotal: Int64? = nil
    ) {
        self.phase = phase
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
        self.filesDone = filesDone
        self.filesTotal = filesTotal
    }
}

/// Counters that the threads of a job advance and the control socket samples.
package final class ProgressMeter: Sendable {
    private struct State {
        var snapshot: ProgressSnapshot
        var phaseStart: ContinuousClock.Instant
    }

    private let state: Mutex<State>

    /// - Parameter phase: The first phase.
    package init(phase: String = "starting") {
        state = Mutex(State(snapshot: ProgressSnapshot(phase: phase), phaseStart: .now))
    }

    /// Begins a phase: its counters start at 0.
    package func enter(_ phase: String, bytesTotal: Int64? = nil, filesTotal: Int64? = nil) {
        state.withLock {
            $0.snapshot = ProgressSnapshot(phase: phase, bytesTotal: bytesTotal, filesTotal: filesTotal)
            $0.phaseStart = .now
        }
    }

    /// Adds to the counters of the present phase. Costs a lock: call it per chunk or file, not per byte.
    package func advance(bytes: Int64 = 0, files: Int64 = 0) {
        state.withLock {
            $0.snapshot.bytesDone += bytes
            $0.snapshot.filesDone += files
        }
    }

    /// The counters as they are now.
    package var snapshot: ProgressSnapshot {
        state.withLock { $0.snapshot }
    }

    /// The counters as they are now, and the seconds since their phase began.
    package var timedSnapshot: (snapshot: ProgressSnapshot, secondsInPhase: Double) {
        state.withLock { ($0.snapshot, $0.phaseStart.duration(to: .now) / .seconds(1)) }
    }
}
