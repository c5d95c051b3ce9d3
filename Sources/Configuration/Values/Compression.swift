/// How chunks are compressed in the repository.
package enum Compression: Sendable, Hashable, CustomStringConvertible {
    /// Zstandard at this level, 1 to 19.
    case zstd(level: Int)
    /// gzip at this level, 1 to 9.
    case gzip(level: Int)
    /// Stored as they are.
    case none

    /// `zstd 3`, `gzip 6` or `none`.
    package var description: String {
        switch self {
        case .zstd(let level): "zstd \(level)"
        case .gzip(let level): "gzip \(level)"
        case .none: "none"
        }
    }
}
