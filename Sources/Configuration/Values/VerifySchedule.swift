/// When stored backups are checked against their own checksums.
package enum VerifySchedule: Sendable, Hashable, CustomStringConvertible {
    /// Only when asked.
    case off
    /// After each backup, what that backup added and what was not read for the longest time.
    case afterBackup
    /// As `afterBackup`, and at these times every byte of the repository.
    case full(BackupSchedule)

    /// What `init(_:)` accepts, in words for messages and documents.
    package static let grammar = #""after-backup", "daily HH:MM" or "weekly DAY HH:MM" (MON to SUN), or "off""#

    /// Reads the grammar; `nil` for anything else. Full verification more often than daily is not a schedule anybody
    /// wants by intent, so it is refused.
    package init?(_ text: String) {
        if text.lowercased() == "after-backup" {
            self = .afterBackup
            return
        }
        switch BackupSchedule(text) {
        case .off: self = .off
        case .some(let schedule):
            if case .everyHours = schedule { return nil }
            self = .full(schedule)
        case nil: return nil
        }
    }

    /// The canonical spelling, which `init(_:)` reads back.
    package var description: String {
        switch self {
        case .off: "off"
        case .afterBackup: "after-backup"
        case .full(let schedule): schedule.description
        }
    }
}
