/// Limits of the protocol's own.
package enum VarlinkLimits {
    /// The longest message taken, in bytes without its NUL: 16 MiB, as other implementations have it.
    package static let maximumMessageBytes = 16 << 20
    /// The longest path of a Unix socket, in bytes: `sun_path` in unix(7) less its final NUL.
    package static let maximumSocketPathBytes = 107
}
