/// The method `UnpinBackup` of the interface; see its description for what the fields mean.
package enum UnpinBackup: ControlMethod {
    package static let name = "UnpinBackup"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String

        package init(id: String) {
            self.id = id
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var backup: Backup

        package init(backup: Backup) {
            self.backup = backup
        }
    }
}
