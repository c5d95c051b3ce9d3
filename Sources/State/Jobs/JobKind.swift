/// What a job does.
package enum JobKind: String, Sendable, Hashable, CaseIterable, Codable {
    /// Stores a base backup.
    case backup
    /// Stores a dump of each database wanted.
    case dump
    /// Reads the repository and compares it with its own checksums.
    case verify
    /// Restores into a scratch server and judges the result.
    case drill
    /// Restores into a folder.
    case restore
    /// Applies the retention policy.
    case retention
    /// Collects what no backup needs.
    case gc
}
