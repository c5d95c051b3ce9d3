/// 256 random numbers, one for each value of a byte, that ``StreamCutter`` makes its rolling hash of.
///
/// They are fixed for ever, for streams must be cut tomorrow where they were cut today. The number of byte value `n` is the
/// first eight bytes, big-endian, of the SHA-256 of `recyclic gear n`, with `n` in decimal, so that anybody can make the
/// table again.
enum GearTable {
    /// By value of a byte.
    static let numbers: [UInt64] = (0...255).map { Digest(hashing: Array("recyclic gear \($0)".utf8)).prefix }
}
