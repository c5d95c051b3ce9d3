/// What an exposure is measured by.
package enum ExposureBasis: String, Sendable, Hashable, Codable {
    /// The moment that the newest restorable backup brings back; the server may have been idle since, so it is an upper bound.
    case sinceLastBackup

    /// In words.
    package var text: String {
        switch self {
        case .sinceLastBackup: "since the last backup"
        }
    }
}
