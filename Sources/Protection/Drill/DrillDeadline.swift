import Blocking

/// The moment when a drill is given up.
struct DrillDeadline: Sendable {
    private let end: ContinuousClock.Instant

    /// - Parameter timeout: How long the drill may take from now on.
    init(in timeout: Duration) {
        end = .now + timeout
    }

    private init(end: ContinuousClock.Instant) {
        self.end = end
    }

    /// What is left; never negative.
    var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }

    /// Whether it has passed.
    var hasPassed: Bool { remaining == .zero }

    /// The earlier of this moment and `timeout` from now.
    func sooner(_ timeout: Duration) -> DrillDeadline {
        DrillDeadline(end: min(end, .now + timeout))
    }

    /// Runs work that watches a flag, and sets the flag when the owner's is set or the moment has passed.
    ///
    /// - Throws: ``DrillObstacle`` when the moment ended the work; `CancellationError` when the owner did; what `body` throws.
    func limit<Value>(
        _ cancellation: CancellationFlag,
        _ body: (CancellationFlag) throws -> Value
    ) throws -> Value {
        let halt = CancellationFlag()
        let relay = CancellationRelay(from: cancellation, to: halt, notAfter: end)
        defer { relay.stop() }
        do {
            return try body(halt)
        } catch let error as CancellationError {
            try cancellation.check()
            try check()
            throw error
        }
    }

    /// Ends the drill when the moment has passed.
    func check() throws {
        guard hasPassed else { return }
        throw DrillObstacle.cannotJudge(
            "it took longer than it may",
            hints: ["Give drills more time with DRILL_TIMEOUT, or the machine more power."]
        )
    }
}
