/// A file while it is stored. Shared by the jobs of its chunks.
final class IngestFile: Sendable {
    /// The path relative to the data directory, as raw bytes.
    let path: [UInt8]
    /// Permission bits.
    let mode: UInt16
    /// The same path's file in the backup before.
    let previous: PreviousFile?
    /// Whether it is cut by what it holds.
    let isStream: Bool

    init(path: [UInt8], mode: UInt16, previous: PreviousFile?, isStream: Bool) {
        self.path = path
        self.mode = mode
        self.previous = previous
        self.isStream = isStream
    }
}
