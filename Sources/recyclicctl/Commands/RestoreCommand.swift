import ArgumentParser
import ControlAPI
import Glibc

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a backup: a base backup into a folder, a dump into a database.",
        discussion: """
            Runs recyclicd restore, which needs no daemon. See recyclicd restore --help for what the options do.
            """
    )

    /// Hands a URL on.
    private static let variable = "RECYCLIC_RESTORE_URL"

    @Argument(help: "A backup: its id, a unique prefix of it, its file name, or latest, which --into does not take.")
    var target = "latest"
    @Option(name: .customLong("to"), help: ArgumentHelp("The folder to restore a base backup into.", valueName: "dir"))
    var to: String?
    @Option(help: ArgumentHelp("The database to restore a dump into: postgresql://USER@HOST/NAME.", valueName: "url"))
    var into: String?
    @Flag(help: "With --into: replace a database that exists; it is dumped first, and kept under another name.")
    var replace = false
    @Flag(help: "With --into: end the sessions in the database that is replaced.")
    var force = false
    @Flag(help: "With --into: everything belongs to the role of the URL, and no rights are given.")
    var noOwner = false
    @Flag(help: "With --into: everything lies where the server puts it by default, in no tablespace of its own.")
    var noTablespaces = false
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

    func validate() throws {
        guard (to == nil) != (into == nil) else {
            throw ValidationError("give either --to DIR, for a base backup, or --into URL, for a dump")
        }
        guard into == nil || target != "latest" else {
            throw ValidationError("--into needs the id of a dump: 'recyclicctl backups' lists them")
        }
    }

    func run() throws {
        var arguments = ["recyclicd", "restore", target]
        if let to { arguments += ["--to", to] }
        if let into {
            // A URL may hold a password, and everybody can read a process's arguments.
            let isVariable = into.hasPrefix("env:")
            if !isVariable { setenv(Self.variable, into, 1) }
            arguments += ["--into", isVariable ? into : "env:\(Self.variable)"]
        }
        if replace { arguments.append("--replace") }
        if force { arguments.append("--force") }
        if noOwner { arguments.append("--no-owner") }
        if noTablespaces { arguments.append("--no-tablespaces") }
        if preview { arguments.append("--preview") }
        if let owner { arguments += ["--owner", owner] }
        for mapping in tablespace { arguments += ["--tablespace", mapping] }
        if let repository { arguments += ["--repository", repository] }
        if let config { arguments += ["--config", config] }
        if json { arguments.append("--json") }
        try Recyclicd.replaceProcess(arguments, asJSON: json)
    }
}
