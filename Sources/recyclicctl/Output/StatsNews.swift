import ControlAPI

/// Decides what is shown of figures that come one after the other, and whether that is news; it shows nothing itself.
struct StatsNews {
    /// What is compared.
    private enum State: Equatable {
        /// Without when they were taken and how long that took, which differ each time.
        case figures(ReceptionStats)
        case switchedOff
        case none(Failure?)

        init(_ output: GetReceptionStats.Output) {
            guard var stats = output.stats else {
                self = .none(output.error)
                return
            }
            stats.takenAt = ""
            stats.durationSeconds = 0
            self = stats.enabled ? .figures(stats) : .switchedOff
        }
    }

    private var state: State?
    /// The figures whose differences to the next are shown.
    private var previous: ReceptionStats?

    /// Takes the newest figures, or the reason why there are none.
    ///
    /// - Returns: The lines, and whether anything is other than it was.
    mutating func take(_ output: GetReceptionStats.Output) -> (lines: [String], isNews: Bool) {
        let next = State(output)
        defer { state = next }
        return (lines(output), next != state)
    }

    private mutating func lines(_ output: GetReceptionStats.Output) -> [String] {
        guard let stats = output.stats else {
            let failure = output.error
            return ["no figures: \(failure?.message ?? "the daemon gave none")"]
                + (failure?.hint.map { ["  → \($0)"] } ?? [])
        }
        // What comes after figures of another kind has not changed from them: after zeros that say nothing, after other rules.
        let like = previous.flatMap { $0.semantics == stats.semantics && $0.timeZone == stats.timeZone ? $0 : nil }
        previous = stats.enabled ? stats : nil
        return StatsView.lines(stats, since: like)
    }
}
