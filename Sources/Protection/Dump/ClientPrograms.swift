import Blocking
import Glibc

/// A folder with the programs of PostgreSQL's client: pg_dump, pg_dumpall, pg_restore.
package struct ClientPrograms: Sendable, Hashable {
    /// What is needed to take and to restore dumps.
    static let needed = ["pg_dump", "pg_dumpall", "pg_restore"]
    /// So many major versions after the server's are looked for.
    private static let majorsAhead = 10
    /// Where a path leads to programs of whatever version; on Debian to a wrapper that takes the newest.
    private static let folderOfNoVersion = "/usr/bin"

    /// The folder.
    package let directory: String
    /// The version of its pg_dump.
    let version: ProgramVersion

    /// The version as text: `15.20`.
    package var versionText: String { version.description }

    /// The path of one program.
    package func path(_ program: String) -> String { "\(directory)/\(program)" }

    /// Finds the programs for a server: of its own major version, else of the nearest later one, for pg_dump reads older servers
    /// and refuses newer ones.
    ///
    /// Blocks: it asks each pg_dump for its version, whatever its folder is called.
    ///
    /// - Parameters:
    ///   - major: The server's major version.
    ///   - configured: `POSTGRES_BIN_DIRECTORY`; then no other folder is looked at.
    /// - Throws: ``BackupError``: `clientProgramsMissing`, `clientTooOld`, with what to install.
    package static func find(for major: Int, configured: String? = nil) throws -> ClientPrograms {
        let folders =
            configured.map { [$0] }
            ?? (major...major + majorsAhead).flatMap(ServerPrograms.usualDirectories) + [folderOfNoVersion]
        var tooOld: ClientPrograms?
        for folder in folders where needed.allSatisfy({ access("\(folder)/\($0)", X_OK) == 0 }) {
            guard let version = version(of: "\(folder)/pg_dump") else { continue }
            let programs = ClientPrograms(directory: folder, version: version)
            if version.major >= major { return programs }
            tooOld = programs
        }
        if tooOld == nil, configured == nil { tooOld = older(than: major) }
        guard let tooOld else { throw missing(major, configured: configured) }
        throw BackupError(
            "clientTooOld",
            "'\(tooOld.path("pg_dump"))' is version \(tooOld.version) and the server is PostgreSQL \(major), "
                + "which it can't dump",
            hint: "Install the client programs of PostgreSQL \(major): \(installation(major).joined(separator: " && "))"
                + (configured == nil ? "" : "; and set POSTGRES_BIN_DIRECTORY to their folder, or leave it out")
        )
    }

    /// How to get the client's programs of a major version, in shell lines: from Debian itself, else from the PostgreSQL
    /// project's own packages for it.
    package static func installation(_ major: Int) -> [String] {
        [
            "apt-get install -y postgresql-common",
            "/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y",
            "apt-get install -y postgresql-client-\(major)",
        ]
    }

    private static func missing(_ major: Int, configured: String?) -> BackupError {
        let place = configured.map { "'\($0)', which POSTGRES_BIN_DIRECTORY names" } ?? "this machine"
        return BackupError(
            "clientProgramsMissing",
            "pg_dump, pg_dumpall and pg_restore are not in \(place)",
            hint: "Install them: apt-get install -y postgresql-client-\(major); where Debian has none of that version: "
                + installation(major).joined(separator: " && ")
        )
    }

    /// The newest programs that are older than the server.
    private static func older(than major: Int) -> ClientPrograms? {
        for folder in stride(from: major - 1, to: 9, by: -1).flatMap(ServerPrograms.usualDirectories)
        where needed.allSatisfy({ access("\(folder)/\($0)", X_OK) == 0 }) {
            if let version = version(of: "\(folder)/pg_dump") {
                return ClientPrograms(directory: folder, version: version)
            }
        }
        return nil
    }

    /// What a program says its version is; `nil` when it says nothing of the kind in time.
    static func version(of path: String) -> ProgramVersion? {
        let lines = OutputTail()
        guard let child = try? ChildProcess(path, ["--version"], output: { lines.add($0) }),
            let status = try? child.wait(deadline: DrillDeadline(in: .seconds(20)), cancellation: nil),
            status == .exited(0)
        else { return nil }
        return ProgramVersion(output: lines.lines.joined(separator: "\n"))
    }
}
