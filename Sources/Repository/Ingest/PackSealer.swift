import Blocking

/// Finishes full packs on a thread of its own, so that waiting for the disk stops nothing else.
///
/// `@unchecked Sendable`: one thread runs ``run()``; the properties it changes are read only after it has ended.
final class PackSealer: @unchecked Sendable {
    /// A full pack on its way to the sealer's thread.
    ///
    /// `@unchecked Sendable`: whoever holds it last is its only user; the queue's lock orders the hand-over.
    private struct FullPack: @unchecked Sendable {
        let writer: PackWriter
    }

    private let index: SessionIndex
    private let pending: PendingChunks
    private let checkSpace: @Sendable () throws -> Void
    private let queue = BlockingQueue<FullPack>(capacity: 2)
    /// The bytes of all objects made so far.
    private(set) var addedBytes: Int64 = 0

    /// - Parameters:
    ///   - index: Learns of the finished packs.
    ///   - pending: Forgets their chunks.
    ///   - checkSpace: Asked after each pack; throws when the session must not go on.
    init(index: SessionIndex, pending: PendingChunks, checkSpace: @escaping @Sendable () throws -> Void) {
        self.index = index
        self.pending = pending
        self.checkSpace = checkSpace
    }

    /// Hands over a pack that nothing is added to any more.
    ///
    /// - Returns: `false` when the sealer was stopped.
    func put(_ writer: sending PackWriter) -> Bool {
        queue.put(FullPack(writer: writer))
    }

    /// Lets ``run()`` end when all packs handed over are finished.
    func finish() { queue.finish() }

    /// Finishes packs until ``finish()``.
    ///
    /// - Parameter isStopped: Whether the session has failed; then what is left is dropped.
    func run(isStopped: () -> Bool) throws {
        while let pack = queue.take() {
            if isStopped() { return }
            let finished = try pack.writer.finish()
            addedBytes += try finished.bytes + index.add(finished)
            pending.remove(finished)
            try checkSpace()
        }
        if !isStopped() { addedBytes += try index.flush() }
    }
}
