import ArgumentParser

/// The stretch of time that a command looks at.
struct PeriodOptions: ParsableArguments {
    @Option(help: ArgumentHelp("From when on: \(TimeArgument.accepted).", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Up to when; the same forms.", valueName: "time"))
    var until: String?

    /// Both ends, checked.
    ///
    /// - Parameter now: The time.
    func times(now: Double) throws -> (since: TimeArgument?, until: TimeArgument?) {
        let since = try since.map { try TimeArgument($0, option: "--since", now: now) }
        let until = try until.map { try TimeArgument($0, option: "--until", now: now) }
        if let since, since.seconds >= until?.seconds ?? now {
            let end = until == nil ? "which is not over yet" : "which is not before --until"
            throw ValidationError("--since is \(TimeText.local(since.text)), \(end)")
        }
        return (since, until)
    }

    func validate() throws {
        _ = try times(now: currentTime())
    }
}
