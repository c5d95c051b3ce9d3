/// The method `ListBackups` of the interface; see its description for what the fields mean.
package enum ListBackups: ControlMethod {
    package static let name = "ListBackups"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package init() {}
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var backups: [Backup]

        package init(backups: [Backup]) {
            self.backups = backups
        }
    }
}
