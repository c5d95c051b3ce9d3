import ArgumentParser
import ControlAPI

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a dump to a plain file for pg_restore.",
        discussion: """
            Runs recyclicd export, which needs neither a daemon nor a database. Nothing is ever overwritten. Exit codes: 0 \
            written, 1 not.
            """
    )

    @Argument(help: "A dump: its id, a unique prefix of it, or its file name.")
    var target: String
    @Option(help: ArgumentHelp("The file to write, or - for standard output.", valueName: "file"))
    var to: String
    @Flag(help: "Write the SQL that makes roles and tablespaces instead, for psql on a new server.")
    var globals = false
    @Option(help: ArgumentHelp("The repository, instead of the configured one.", valueName: "dir"))
    var repository: String?
    @Option(help: ArgumentHelp("The daemon's configuration file.", valueName: "file"))
    var config: String?
    @Flag(help: "Print JSON with stable keys instead of text; not with --to -.")
    var json = false

    func run() throws {
        var arguments = ["recyclicd", "export", target, "--to", to]
        if globals { arguments.append("--globals") }
        if let repository { arguments += ["--repository", repository] }
        if let config { arguments += ["--config", config] }
        if json { arguments.append("--json") }
        try Recyclicd.replaceProcess(arguments, asJSON: json)
    }
}
