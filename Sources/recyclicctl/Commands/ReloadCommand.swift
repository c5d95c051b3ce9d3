import ArgumentParser
import ControlAPI

struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let the daemon read its configuration again.",
        discussion: "A configuration with errors is refused, and the present one stays."
    )

    @OptionGroup var options: ConnectionOptions

    func run() throws {
        let output = try Daemon(options).call(Reload.self, .init())
        try printAnswer(output, options) { output, _, _ in
            var lines = [
                output.changed.isEmpty ? "nothing changed" : "changed: \(output.changed.joined(separator: ", "))"
            ]
            if !output.needRestart.isEmpty {
                lines.append("takes effect after a restart: \(output.needRestart.joined(separator: ", "))")
            }
            return lines + output.warnings.map { "warning: \($0)" }
        }
    }
}
