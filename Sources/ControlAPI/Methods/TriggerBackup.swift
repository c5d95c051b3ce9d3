/// The method `TriggerBackup` of the interface; see its description for what the fields mean.
package enum TriggerBackup: ControlMethod {
    package static let name = "TriggerBackup"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var kind: String?
        package var wait: Bool?

        package init(kind: String? = nil, wait: Bool? = nil) {
            self.kind = kind
            self.wait = wait
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var job: Job
        package var backup: Backup?
        package var backups: [Backup]?

        package init(job: Job, backup: Backup? = nil, backups: [Backup]? = nil) {
            self.job = job
            self.backup = backup
            self.backups = backups
        }
    }
}
