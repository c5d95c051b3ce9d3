import ArgumentParser
import Configuration
import Protection

struct SetupSQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup-sql",
        abstract: "Print the SQL that makes the role recyclicd logs in as.",
        discussion: """
            Run it as a superuser, in the database that recyclicd connects to; running it again changes nothing. LOGIN \
            and REPLICATION suffice for base backups; each further right says what it is for.
            """
    )

    @OptionGroup var file: ConfigurationFileOption
    @Option(help: "The role's name (default: the configured one).")
    var role: String?
    @Option(help: "The database (default: the configured one).")
    var database: String?
    @Option(
        name: .customLong("with"),
        help: ArgumentHelp(
            "Give rights for a feature: \(SetupFeature.allCases.map(\.rawValue).joined(separator: ", ")). May be repeated "
                + "(default: all but configuration-files).",
            valueName: "feature"
        )
    )
    var features: [SetupFeature] = []
    @Flag(help: "Give no right beyond LOGIN and REPLICATION.")
    var minimal = false

    func validate() throws {
        if minimal && !features.isEmpty { throw ValidationError("--minimal and --with contradict each other") }
    }

    func run() throws {
        let settings = try file.settings().settings
        let chosen = minimal ? [] : features.isEmpty ? SetupFeature.recommended : Set(features)
        StandardOutput.write(try render(settings, chosen))
    }

    private func render(_ settings: Settings, _ features: Set<SetupFeature>) throws -> String {
        let role = role ?? settings.postgres.user
        let database = database ?? settings.postgres.database
        do throws(SetupSQL.NameError) {
            return try SetupSQL.render(role: role, database: database, features: features)
        } catch {
            throw ValidationError("\(error.message). \(error.hint)")
        }
    }
}

extension SetupFeature: ExpressibleByArgument {}
