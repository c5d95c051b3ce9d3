extension PrivatePostgres {
    /// Who may connect, and how: the server's pg_hba.conf.
    package enum Authentication: Sendable {
        /// Everybody, from everywhere, without a password: what initdb writes, for loopback and the socket.
        case trust
        /// Exactly the file of the official container image: initdb's, and a last line for a password from anywhere.
        /// It lets replication in from loopback only.
        case officialImage
        /// This text as the whole file.
        case custom(String)
    }

    /// How a test's server is made and started.
    package struct Options: Sendable {
        /// The server's programs; `nil` finds them (``ServerBinaries/find()``).
        package var binaries: ServerBinaries?
        /// Whether the server also listens on a free port of 127.0.0.1, besides its Unix socket.
        package var listensOnTCP = false
        /// Who may connect.
        package var authentication = Authentication.trust
        /// More settings, written to postgresql.conf; they win over ours.
        package var settings: [String: String] = [:]
        /// More arguments for initdb, `--wal-segsize=1` say. With any, or without checksums, the test runs its own
        /// initdb (seconds) and gets a system identifier of its own.
        package var initdbArguments: [String] = []
        /// Whether the cluster has data checksums.
        package var hasChecksums = true
        /// Whether the test runs its own initdb, so that its system identifier differs from other tests'.
        package var isUnique = false
        /// Whether the server syncs to disk. Off by default: tests don't pull plugs.
        package var syncs = false
        /// Whether the object may be made without starting the server.
        package var startsAtOnce = true
        /// How long the server may take to start or stop.
        package var patience = Duration.seconds(60)

        package init() {}

        /// Makes options and lets a closure change them: `Options { $0.listensOnTCP = true }`.
        package init(_ change: (inout Options) -> Void) {
            change(&self)
        }
    }
}
