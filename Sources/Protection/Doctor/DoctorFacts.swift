package import PostgresClient

/// Everything that doctor observed; what it could not observe is `nil` or says why.
package struct DoctorFacts: Sendable {
    /// Whether the host's name has an address.
    package enum Resolution: Sendable, Equatable {
        /// There is no name to look up: a socket, or an address.
        case notNeeded
        /// It has.
        case found
        /// No name server knows it; the resolver's own words.
        case failed(String)
        /// The name servers don't answer.
        case timedOut
    }

    /// What connecting gave.
    package enum Connected: Sendable {
        /// Not tried, since the host's name has no address.
        case notTried
        /// It failed.
        case failed(PostgresError)
        /// It worked, and this is what was seen.
        case to(Server)
    }

    /// What connecting for replication gave.
    package enum Replication: Sendable {
        /// Not tried, since something before it failed already.
        case notTried
        /// Neither way works.
        case failed(PostgresError)
        /// It works this way.
        case works(ReplicationConnection.Mode)
    }

    /// The programs that take dumps.
    package enum DumpPrograms: Sendable, Equatable {
        /// Not looked for.
        case unknown
        /// They are in a folder; with their version.
        case found(String, version: String)
        /// There are none that would do; why, and what to do.
        case missing(reason: String, hint: String?)
    }

    /// As whom drills would run.
    package enum DrillIdentity: Sendable, Equatable {
        /// Not looked at.
        case unknown
        /// As this user.
        case user(String)
        /// As ourselves, kept away from this user's other databases by a namespace.
        case confined
        /// Nobody can; why, and what to do.
        case none(reason: String, hints: [String])
    }

    /// What recyclicd is told to do.
    package var setup: DoctorSetup
    /// Whether the host's name has an address.
    package var resolution = Resolution.notNeeded
    /// The server as an ordinary session sees it.
    package var connection = Connected.notTried
    /// The server as a replication session sees it.
    package var replication = Replication.notTried
    /// The repository's folder; `nil` when the disk didn't answer.
    package var repository: Folder?
    /// The state folder; likewise.
    package var state: Folder?
    /// The drills' scratch folder; likewise.
    package var scratch: Folder?
    /// The disk that the database lies on, when it is one of this machine and can be told.
    package var databaseDisk: DatabaseDisk?
    /// The folder with the server's programs of the same major version; `nil` when there is none.
    package var programs: String?
    /// The programs that take dumps.
    package var dumpPrograms = DumpPrograms.unknown
    /// As whom drills would run.
    package var drillIdentity = DrillIdentity.unknown
    /// The unit that we run in, `recyclicd.service`, say; `nil` when we run in none.
    package var unit: String?
    /// Our own user's name.
    package var user: String
    /// Whether we are root.
    package var isRoot = false
    /// Whether this machine's clock is known to follow a time server; `false` when nothing is known.
    package var isClockServed = false

    /// Facts with nothing observed yet.
    package init(setup: DoctorSetup, user: String) {
        self.setup = setup
        self.user = user
    }

    /// The server, when connecting worked.
    var server: Server? {
        if case .to(let server) = connection { server } else { nil }
    }
}
