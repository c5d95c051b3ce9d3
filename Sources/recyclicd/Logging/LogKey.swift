/// The keys of structured log fields, in one place so that they stay the same everywhere.
enum LogKey {
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
}
