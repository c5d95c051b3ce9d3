/// The keys of structured log fields, in one place so that they stay the same everywhere.
///
/// In the journal each is a field: `requestedBy` is `RECYCLIC_REQUESTED_BY`.
enum LogKey {
    /// A ``DaemonEvent``; readable lines leave it out.
    static let event = "event"
    static let job = "job"
    static let backup = "backup"
    static let digest = "digest"
    static let error = "error"
    static let hint = "hint"
    static let requestedBy = "requestedBy"
    static let peer = "peer"
    static let setting = "setting"
    static let address = "address"
    static let path = "path"
    static let part = "part"
    static let version = "version"
    static let logicalBytes = "logicalBytes"
    static let addedBytes = "addedBytes"
    static let user = "user"
    static let outcome = "outcome"
    static let status = "status"
    static let durationSeconds = "durationSeconds"
    static let requests = "requests"
}
