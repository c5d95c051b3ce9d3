extension Settings {
    /// Where things lie on this machine; every path is absolute.
    package struct Paths: Sendable, Equatable {
        /// `RUNTIME_DIRECTORY`, by default `/run/recyclic`.
        package let runtimeDirectory: String
        /// `STATE_DIRECTORY`, by default `/var/lib/recyclic`.
        package let stateDirectory: String
        /// `BACKUP_REPOSITORY`, by default `repository` in the state directory.
        package let repository: String
        /// The control socket's group: as set, or `recyclic` when the machine has that group, or `nil` for none.
        package let controlSocketGroup: String?

        /// The socket that recyclicctl talks to.
        package var controlSocket: String { runtimeDirectory + "/control.socket" }
    }
}
