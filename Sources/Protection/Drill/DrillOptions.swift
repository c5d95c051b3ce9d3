package import Glibc

/// How a drill is to be done.
package struct DrillOptions: Sendable {
    /// The job's id, such as `j12`; the scratch folder gets its name.
    package var jobID: String
    /// `DRILL_DIRECTORY`: where the scratch folder is made. Absolute.
    package var directory: String
    /// `RUNTIME_DIRECTORY`: where the folder of the server's socket is made. Absolute.
    package var runtimeDirectory: String
    /// `DRILL_USER`: whom root runs the drill as; `nil` is `recyclic`, else `nobody`.
    package var user: String?
    /// `POSTGRES_BIN_DIRECTORY`: the folder of the server's programs; `nil` looks for them.
    package var programs: String?
    /// After how long the drill is given up.
    package var timeout: Duration
    /// The operator's own checks.
    package var statements: [DrillStatement]
    /// The user that the source's server runs as, as far as its socket tells (SO_PEERCRED).
    package var sourceUser: uid_t?
    /// How many threads restore.
    package var workers: Int
    /// How many bytes must stay free on the disk of `directory` when everything is restored.
    package var reservedBytes: Int64

    package init(
        jobID: String,
        directory: String,
        runtimeDirectory: String,
        user: String? = nil,
        programs: String? = nil,
        timeout: Duration = .seconds(4 * 3600),
        statements: [DrillStatement] = [],
        sourceUser: uid_t? = nil,
        workers: Int = 2,
        reservedBytes: Int64 = 64 << 20
    ) {
        self.jobID = jobID
        self.directory = directory
        self.runtimeDirectory = runtimeDirectory
        self.user = user
        self.programs = programs
        self.timeout = timeout
        self.statements = statements
        self.sourceUser = sourceUser
        self.workers = workers
        self.reservedBytes = reservedBytes
    }
}
