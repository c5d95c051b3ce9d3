import Glibc

/// The folder with the PostgreSQL server's programs that tests use.
package struct ServerBinaries: Hashable, Sendable {
    /// The folder: `/usr/lib/postgresql/15/bin`, say.
    package let directory: String

    package init(directory: String) {
        self.directory = directory
    }

    /// The programs on this machine: `$RECYCLIC_TEST_PG_BINDIR`, else Debian's PostgreSQL 15, else the newest one.
    ///
    /// - Throws: ``TestSupportError`` when there is no server: a test that needs one fails, it never skips.
    package static func find() throws -> ServerBinaries {
        if let asked = getenv("RECYCLIC_TEST_PG_BINDIR").map({ String(cString: $0) }), !asked.isEmpty {
            let binaries = ServerBinaries(directory: asked)
            guard binaries.isComplete else {
                throw TestSupportError("RECYCLIC_TEST_PG_BINDIR is '\(asked)', but there is no initdb and postgres")
            }
            return binaries
        }
        let usual = ServerBinaries(directory: "/usr/lib/postgresql/15/bin")
        if usual.isComplete { return usual }
        let others = versions().sorted(by: >).map { ServerBinaries(directory: "/usr/lib/postgresql/\($0)/bin") }
        guard let newest = others.first(where: \.isComplete) else {
            throw TestSupportError(
                "no PostgreSQL server programs found: apt-get install postgresql-15, or set RECYCLIC_TEST_PG_BINDIR"
            )
        }
        return newest
    }

    /// The path of one program.
    package func path(_ program: String) -> String {
        "\(directory)/\(program)"
    }

    private var isComplete: Bool {
        ["initdb", "postgres", "psql"].allSatisfy { access(path($0), X_OK) == 0 }
    }

    private static func versions() -> [Int] {
        guard let folder = opendir("/usr/lib/postgresql") else { return [] }
        defer { closedir(folder) }
        var versions: [Int] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let version = Int(name) { versions.append(version) }
        }
        return versions
    }
}
