/// What is kept of a dump job beside the backups that it stored.
struct DumpReport: Codable, Sendable {
    /// The databases whose dump failed.
    var failed: [String]
}
