/// What the role can be given rights for, beyond LOGIN and REPLICATION, which a base backup needs and which suffice for it.
package enum SetupFeature: String, Sendable, Hashable, CaseIterable {
    /// Sizes, paths of configuration files, activity and statistics of the server.
    case monitoring
    /// Rows counted, statistics of the application, dumps.
    case readData = "read-data"
    /// Named restore points and closing a WAL segment.
    case restorePoints = "restore-points"
    /// The configuration files outside the data directory, as on Debian.
    case configurationFiles = "configuration-files"

    /// The rights a new installation should have: those that read no file of the server.
    package static let recommended: Set<SetupFeature> = [.monitoring, .readData, .restorePoints]

    /// What the rights are for, in a few words.
    package var purpose: String {
        switch self {
        case .monitoring: "sizes, paths of configuration files, activity and statistics of the server"
        case .readData: "row counts, application statistics and dumps; large objects still need ownership"
        case .restorePoints: "named restore points, and closing a WAL segment at once"
        case .configurationFiles:
            "storing configuration files that lie outside the data directory; lets the role read every file of the server"
        }
    }

    /// The statements that give the rights; run in the database the daemon connects to.
    ///
    /// - Parameter role: The role's name, quoted as an identifier.
    func statements(role: String) -> [String] {
        switch self {
        case .monitoring:
            ["GRANT pg_monitor TO \(role);"]
        case .readData:
            ["GRANT pg_read_all_data TO \(role);"]
        case .restorePoints:
            [
                "GRANT EXECUTE ON FUNCTION pg_catalog.pg_create_restore_point(text) TO \(role);",
                "GRANT EXECUTE ON FUNCTION pg_catalog.pg_switch_wal() TO \(role);",
            ]
        case .configurationFiles:
            // pg_monitor tells where the files lie.
            ["GRANT pg_monitor, pg_read_server_files TO \(role);"]
        }
    }
}
