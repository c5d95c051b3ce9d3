/// A file while it is stored. Shared by the jobs of its chunks.
final class IngestFile: Sendable {
    /// The path relative to the data directory, as raw bytes.
    let path: [UInt8]
    /// Permission bits.
    let mode: UInt16
    /// The same path's file in the backup before.
    let previous: PreviousFile?

    init(path: [UInt8], mode: UInt16, previous: PreviousFile?) {
        self.path = path
        self.mode = mode
        self.previous = previous
    }
}
