package import PostgresClient

/// What recyclicd is told to do, as far as doctor needs to know it.
package struct DoctorSetup: Sendable {
    /// Something that reading the configuration found.
    package struct Remark: Sendable, Hashable {
        /// Whether the daemon does not start with it.
        package var isError: Bool
        /// Where and what; never a secret's value.
        package var message: String
        /// What to do, a sentence; empty when the message says all.
        package var hint: String

        package init(isError: Bool, message: String, hint: String = "") {
            self.isError = isError
            self.message = message
            self.hint = hint
        }
    }

    /// What is to protect the server.
    package enum Method: Sendable, Hashable {
        /// Base backups.
        case base
        /// Dumps of each database.
        case dump
        /// Base backups, and dumps where those are not possible.
        case either
    }

    /// What is to protect the server.
    package var method = Method.base
    /// Whether dumps are taken, beside base backups or instead of them.
    package var takesDumps = false
    /// How to reach the server; doctor gives up sooner than these settings say.
    package var connection: ConnectionSettings
    /// The repository's folder.
    package var repository: String
    /// The daemon's own folder.
    package var stateDirectory: String
    /// Where drills have their scratch space.
    package var drillDirectory: String
    /// `DRILL_USER`, when it is set.
    package var drillUser: String?
    /// `POSTGRES_BIN_DIRECTORY`, when it is set.
    package var binDirectory: String?
    /// The zone that schedules are meant in.
    package var timeZone: String
    /// Whether nobody named that zone, neither the configuration nor the machine.
    package var isTimeZoneGuessed = false
    /// Free bytes on the repository's disk below which it is critical.
    package var freeCriticalBytes: Int64 = 1 << 30
    /// Free bytes on the repository's disk below which it is a warning.
    package var freeWarningBytes: Int64 = 5 << 30
    /// The file that an operator changes settings in.
    package var configurationFile = "/etc/recyclic/recyclicd.env"
    /// How many recipients alerts go to at first; `nil` when that is not looked at.
    package var alertRecipients: Int?
    /// Whether a service outside notices when recyclicd is silent.
    package var hasPing = false
    /// What reading the configuration found.
    package var remarks: [Remark] = []

    package init(
        connection: ConnectionSettings,
        repository: String,
        stateDirectory: String,
        drillDirectory: String,
        timeZone: String
    ) {
        self.connection = connection
        self.repository = repository
        self.stateDirectory = stateDirectory
        self.drillDirectory = drillDirectory
        self.timeZone = timeZone
    }
}
