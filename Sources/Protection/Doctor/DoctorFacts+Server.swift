package import PostgresClient

extension DoctorFacts {
    /// What the server says of itself. What it did not say is `nil`.
    package struct Server: Sendable {
        /// A setting's value and where it comes from.
        package struct Setting: Sendable, Hashable {
            /// In the setting's own unit, as in pg_settings.
            package var value: String
            /// `command line`, `configuration file`, …, as in pg_settings.
            package var source: String

            package init(_ value: String, source: String = "default") {
                self.value = value
                self.source = source
            }
        }

        /// Its version.
        package var version: ServerVersion
        /// Whether the connection is encrypted.
        package var isEncrypted = false
        /// Whether it is a standby, or still recovers.
        package var isInRecovery: Bool?
        /// What our role may do.
        package var role: Role?
        /// The settings that matter, as far as our role may see them.
        package var settings: [String: Setting] = [:]
        /// Connections of the kind that backups need, in use by others.
        package var walSendersInUse: Int?
        /// Replication slots there are.
        package var slotsInUse: Int?
        /// Bytes of the databases that our role may measure.
        package var databaseBytes: Int64?
        /// How many databases it may not measure.
        package var databasesNotMeasured = 0
        /// Seconds by which its clock is ahead of ours.
        package var clockOffsetSeconds: Double?
        /// What could not be asked: the question and the server's answer.
        package var unanswered: [String] = []

        package init(version: ServerVersion) {
            self.version = version
        }
    }

    /// What our role may do.
    package struct Role: Sendable, Hashable {
        /// LOGIN.
        package var canLogin = true
        /// REPLICATION, or superuser, which has it too.
        package var canReplicate = true
        /// Superuser: more than recyclicd needs.
        package var isSuperuser = false
        /// The features it has all rights for.
        package var features: Set<SetupFeature>

        package init(features: Set<SetupFeature> = Set(SetupFeature.allCases)) {
            self.features = features
        }
    }
}
