import Glibc

/// A folder with the PostgreSQL server's programs of one major version.
package struct ServerPrograms: Sendable, Hashable {
    /// The folder.
    package let directory: String

    /// The programs that a drill needs.
    static let needed = ["postgres", "pg_waldump", "pg_checksums"]

    /// Where the packages of distributions, and those who build it themselves, put a major version.
    static func usualDirectories(_ major: Int) -> [String] {
        ["/usr/lib/postgresql/\(major)/bin", "/usr/pgsql-\(major)/bin", "/usr/libexec/postgresql\(major)"]
    }

    /// Looks for the programs of a major version.
    ///
    /// - Parameters:
    ///   - major: 15, say.
    ///   - configured: The folder that the configuration names; then no other is looked at.
    /// - Returns: `nil` when they are not there; ``missing(_:configured:)`` says what to do.
    package static func find(_ major: Int, configured: String? = nil) -> ServerPrograms? {
        let directories = configured.map { [$0] } ?? usualDirectories(major)
        return directories.map(ServerPrograms.init).first { programs in
            needed.allSatisfy { access(programs.path($0), X_OK) == 0 }
        }
    }

    /// The path of one program.
    package func path(_ program: String) -> String {
        "\(directory)/\(program)"
    }

    /// How to get the programs on Debian without making a cluster that would start.
    package static func installation(_ major: Int) -> [String] {
        [
            "install -d /etc/postgresql-common/createcluster.d",
            "echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/recyclic.conf",
            "apt-get install postgresql-\(major)",
        ]
    }
}
