import ControlAPI

extension Daemon {
    /// Calls a method that starts a job; follows the job's progress when `isFollowed`.
    func run<Method: ControlMethod>(
        _ method: Method.Type,
        _ input: Method.Input,
        isFollowed: Bool,
        _ options: ConnectionOptions,
        job: (Method.Output) -> Job
    ) throws -> Method.Output {
        guard isFollowed else { return try call(method, input) }
        let follower = JobFollower(terminal: .current(), isQuiet: options.json)
        defer { follower.finish() }
        return try follow(method, input) { follower.show(job($0), now: currentTime()) }
    }
}

extension Job {
    /// Ends the command with code 1 when the job ended in any other way than well.
    func exitUnlessGood() throws {
        switch state {
        case "failed", "cancelled", "interrupted": throw CommandFailure(exitCode: ExitStatus.bad)
        default: break
        }
    }
}
