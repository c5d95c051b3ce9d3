import ArgumentParser
import ControlAPI
import Glibc

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a backup into a folder.",
        discussion: """
            Runs recyclicd restore, which needs neither a daemon nor a database. See recyclicd restore --help for what \
            the options do.
            """
    )

    @Argument(help: "A backup: its id, a unique prefix of it, its file name, or latest.")
    var target = "latest"
    @Option(name: .customLong("to"), help: ArgumentHelp("The folder to restore into.", valueName: "dir"))
    var to: String
    @Flag(help: "Only show what would be restored.")
    var preview = false
    @Option(help: ArgumentHelp("Who the restored files belong to.", valueName: "user"))
    var owner: String?
    @Option(help: ArgumentHelp("Where a tablespace goes; may be repeated.", valueName: "old=new"))
    var tablespace: [String] = []
    @Option(help: ArgumentHelp("The repository, instead of the configured one.", valueName: "dir"))
    var repository: String?
    @Option(help: ArgumentHelp("The daemon's configuration file.", valueName: "file"))
    var config: String?
    @Flag(help: "Print JSON with stable keys instead of text.")
    var json = false

    func run() throws {
        var arguments = ["recyclicd", "restore", target, "--to", to]
        if preview { arguments.append("--preview") }
        if let owner { arguments += ["--owner", owner] }
        for mapping in tablespace { arguments += ["--tablespace", mapping] }
        if let repository { arguments += ["--repository", repository] }
        if let config { arguments += ["--config", config] }
        if json { arguments.append("--json") }
        try Recyclicd.replaceProcess(arguments, asJSON: json)
    }
}
