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
            "Give rights for a feature: \(GrantedFeature.names.joined(separator: ", ")). May be repeated "
                + "(default: all but configuration-files).",
            valueName: "feature"
        )
    )
    var features: [GrantedFeature] = []
    @Flag(help: "Give no right beyond LOGIN and REPLICATION.")
    var minimal = false

    func validate() throws {
        if minimal && !features.isEmpty { throw ValidationError("--minimal and --with contradict each other") }
    }

    func run() throws {
        let settings = try file.settings().settings
        let chosen = minimal ? [] : features.isEmpty ? GrantedFeature.recommended : features
        StandardOutput.write(try render(settings, chosen))
    }

    private func render(_ settings: Settings, _ features: [GrantedFeature]) throws -> String {
        let role = role ?? settings.postgres.user
        let database = database ?? settings.postgres.database
        do throws(SetupSQL.NameError) {
            let sql = try SetupSQL.render(role: role, database: database, features: Set(features.compactMap(\.setup)))
            return sql
                + ReceptionSetup.lines(role: role, isWanted: features.contains(.reception)).map { $0 + "\n" }.joined()
        } catch {
            throw ValidationError("\(error.message). \(error.hint)")
        }
    }
}
