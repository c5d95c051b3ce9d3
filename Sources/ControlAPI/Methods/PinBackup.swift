/// The method `PinBackup` of the interface; see its description for what the fields mean.
package enum PinBackup: ControlMethod {
    package static let name = "PinBackup"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String
        package var reason: String?

        package init(id: String, reason: String? = nil) {
            self.id = id
            self.reason = reason
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
