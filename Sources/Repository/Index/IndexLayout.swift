/// Where things are in an index; docs/repository-format.md has the table.
enum IndexLayout {
    static let magic: UInt32 = 0x5849_4352  // RCIX
    static let version: UInt32 = 1
    static let fanOutStart = 24
    static let entriesStart = 24 + 256 * 4
    static let entryBytes = 56
    static let packBytes = 36
    /// The base number of a whole chunk.
    static let noBase = UInt32.max
    /// How much of an entry its place in the order depends on: id and pack number.
    static let idBytes = Digest.byteCount
    static let packNumberOffset = 32
    static let baseNumberOffset = 48
}
