/// The reasons for which backups stay, collected backup by backup, in the order in which they were found.
struct RetentionReasons {
    private var byBackup: [String: [RetentionReason]] = [:]

    mutating func add(_ reason: RetentionReason, to backupID: String) {
        byBackup[backupID, default: []].append(reason)
    }

    subscript(backupID: String) -> [RetentionReason]? {
        byBackup[backupID]
    }
}
