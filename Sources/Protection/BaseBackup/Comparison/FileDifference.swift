/// A file that was not stored as the server's manifest describes it.
struct FileDifference: Sendable, Equatable, CustomStringConvertible {
    enum What: Sendable, Equatable {
        /// The manifest names it, and it did not come.
        case missing
        /// It came, and the manifest does not name it.
        case unexpected
        case size(stored: Int64, expected: Int64)
        case checksum
    }

    /// The path relative to the data directory.
    var path: String
    var what: What

    var description: String {
        switch what {
        case .missing: "\"\(path)\" was not sent"
        case .unexpected: "\"\(path)\" was sent but is not named"
        case .size(let stored, let expected): "\"\(path)\" has \(stored) bytes instead of \(expected)"
        case .checksum: "\"\(path)\" has another checksum"
        }
    }
}
