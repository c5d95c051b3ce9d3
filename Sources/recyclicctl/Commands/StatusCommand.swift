import ArgumentParser
import ControlAPI

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show on one screen whether everything can be got back.",
        discussion: "Exit codes: 0 health is ok, 4 warning, 5 critical, 3 the daemon is not reachable."
    )

    @OptionGroup var options: ConnectionOptions

    func run() throws {
        let status = try Daemon(options).call(GetStatus.self, .init())
        try printAnswer(status, options) { StatusView(status: $0, terminal: $1, now: $2).lines }
        switch status.health {
        case "ok": break
        case "warning": throw CommandFailure(exitCode: ExitStatus.warning)
        default: throw CommandFailure(exitCode: ExitStatus.critical)
        }
    }
}
