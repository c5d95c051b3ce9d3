/// Reads one sorted run through a buffer of its own.
final class RunReader {
    private let file: SpillFile
    private let end: Int64
    private var position: Int64
    private let buffer: FrameBuffer
    /// Where in the buffer the next record begins.
    private var consumed = 0
    private(set) var current: SortedRecord?

    /// - Parameter bufferBytes: How much is read at once; a longer record takes the memory it needs.
    init(_ run: SortedRun, in file: SpillFile, bufferBytes: Int) throws {
        self.file = file
        position = run.start
        end = run.end
        buffer = FrameBuffer(capacity: bufferBytes)
        try advance()
    }

    /// Makes the next record the current one; what the last one's bytes pointed to is no more.
    func advance() throws {
        current = nil
        if consumed == buffer.count, position == end { return }
        if buffer.count - consumed < SortBatch.headerBytes { try refill(SortBatch.headerBytes) }
        let header = buffer.bytes.part(consumed, SortBatch.headerBytes)
        let length =
            SortBatch.headerBytes + Int(header.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            + Int(header.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        if buffer.count - consumed < length { try refill(length) }
        current = SortBatch.record(buffer.bytes.part(consumed, length))
        consumed += length
    }

    /// Moves what is left to the front, and reads until at least `needed` bytes are there.
    private func refill(_ needed: Int) throws {
        let left = FrameBuffer()
        defer { withExtendedLifetime(left) {} }
        left.copy(buffer.bytes.part(consumed, buffer.count - consumed))
        let length = Int(min(Int64(max(buffer.capacity, needed)), Int64(left.count) + end - position))
        guard length >= needed else { throw RepositoryError(.inputOutput, "a sorted run ends in a record") }
        try buffer.fill(capacity: length) { target in
            target.part(0, left.count).copyMemory(from: left.bytes)
            let rest = target.part(left.count, length - left.count)
            try file.read(at: position, into: rest)
            position += Int64(rest.count)
            return length
        }
        consumed = 0
    }
}
