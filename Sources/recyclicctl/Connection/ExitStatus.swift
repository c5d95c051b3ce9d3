/// The exit codes that scripts may rely on.
enum ExitStatus {
    static let good: Int32 = 0
    /// The thing asked failed or was found bad.
    static let bad: Int32 = 1
    static let usage: Int32 = 2
    static let unreachable: Int32 = 3
    /// Health is warning (`status` only).
    static let warning: Int32 = 4
    /// Health is critical (`status` only).
    static let critical: Int32 = 5
}
