import Synchronization

/// Where chunks come from when the planned frame is damaged: the chunk reader, which tries all copies. Rarely used, so
/// one for all threads is enough.
// The reader is touched with the mutex held only, which is what makes the class Sendable.
final class ChunkFallback: @unchecked Sendable {
    private let reader: ChunkReader
    private let mutex = Mutex<Void>(())

    /// - Parameter reader: A reader that nobody else uses from now on.
    init(reader: ChunkReader) {
        self.reader = reader
    }

    /// The bytes of a chunk, checked against its id.
    func read(_ id: ChunkID) throws -> [UInt8] {
        try mutex.withLock { _ in try reader.read(id) }
    }
}
