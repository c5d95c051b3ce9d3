/// The method `GetBackup` of the interface; see its description for what the fields mean.
package enum GetBackup: ControlMethod {
    package static let name = "GetBackup"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String

        package init(id: String) {
            self.id = id
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var details: BackupDetails

        package init(details: BackupDetails) {
            self.details = details
        }
    }
}
