import Blocking

/// One chunk on its way from the stream through a worker to the packs; used again for another chunk afterwards.
///
/// `@unchecked Sendable`: the stream's thread, one worker and the writer own it one after another. It passes between them
/// through blocking queues only, whose locks order the accesses.
final class ChunkJob: @unchecked Sendable {
    /// What becomes of the chunk.
    enum Outcome {
        /// It is in the repository already, or another job of this session stores it.
        case known
        /// `frame` holds it whole.
        case whole
        /// `frame` holds its difference from `base`.
        case delta(base: ChunkID, depth: UInt8)
        /// The worker did not finish it; the session has failed.
        case failed
    }

    private var memory: UnsafeMutableRawBufferPointer
    /// The longest that the chunk may become, in bytes.
    private var limit: Int
    private let done = BlockingQueue<Void>(capacity: 1)

    /// How many of the buffer's bytes are the chunk's.
    private(set) var count = 0
    /// The file that the chunk is part of.
    private(set) var file: IngestFile?
    /// The place, from 0, of the earlier chunk in the same file of the backup before that this one may be a difference from.
    private(set) var previousPosition: Int?
    /// The hash of a stream's last 64 bytes before the chunk's end; ``StreamMarks/none`` in other files.
    private(set) var mark = StreamMarks.none
    /// The chunk's id, set by the worker.
    var id: ChunkID?
    var checksum = CRC32C()
    var outcome = Outcome.failed
    /// What the chunk takes in the repository, with all that it is a difference from; 0 when another job of this session stores
    /// it.
    var storedBytes = 0
    /// The frame, for `whole` and `delta`.
    let frame = FrameBuffer()

    /// - Parameter capacity: The longest chunk of most files, in bytes.
    init(capacity: Int) {
        limit = capacity
        memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit {
        memory.deallocate()
    }

    /// The chunk's bytes.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[..<count])
    }

    /// Whether the chunk has its full length.
    var isFull: Bool { count == limit }

    /// Copies as many bytes as fit.
    ///
    /// - Returns: How many were copied.
    func fill(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        let taken = min(bytes.count, limit - count)
        UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + taken])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(taken)))
        count += taken
        return taken
    }

    /// Begins a chunk.
    ///
    /// - Parameters:
    ///   - file: The file that it is part of.
    ///   - longest: How long it may become, in bytes.
    func begin(_ file: IngestFile, longest: Int) {
        self.file = file
        limit = longest
        guard memory.count < longest else { return }
        memory.deallocate()
        memory = .allocate(byteCount: longest, alignment: 64)
    }

    /// Says that the chunk has all its bytes.
    ///
    /// - Parameters:
    ///   - mark: Of a stream, the hash of the last 64 bytes.
    ///   - previousPosition: The place of the earlier chunk that it may be a difference from.
    func end(mark: UInt64, previousPosition: Int?) {
        self.mark = mark
        self.previousPosition = previousPosition
    }

    /// Makes it ready for another chunk.
    func reset() {
        count = 0
        file = nil
        previousPosition = nil
        mark = StreamMarks.none
        id = nil
        outcome = .failed
        storedBytes = 0
        frame.removeAll()
    }

    /// Says that the worker is done with it.
    func finish() { done.put(()) }

    /// Waits until the worker is done with it.
    func wait() { _ = done.take() }
}
