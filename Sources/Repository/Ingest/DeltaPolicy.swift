/// Decides whether a changed chunk is stored as its difference from an earlier version, and from which one.
///
/// Two costs pull apart. A delta against the version of the day before stays small, but a restore has to decode one more
/// frame for every day. A delta against one fixed version decodes at once, but grows every day. So chains run up to
/// ``maxDepth``, then branch off again from one of their own versions, picked at random: mostly a young one, whose delta is
/// small, and now and then the whole root. When even a delta has grown to a good part of the chunk stored whole, the chunk
/// is stored whole and becomes a new root. Both choices follow from the chunk's id, so they differ from chunk to chunk, and
/// chunks that were first stored together are not rebased on the same day.
package struct DeltaPolicy: Sendable, Equatable {
    /// How many deltas may have to be decoded for one chunk, at least 1; 0 turns deltas off.
    package var maxDepth: Int

    /// A delta is worth its trouble below this fraction of the whole frame's length.
    package var maxFraction: Double

    /// By how much the fraction differs between chunks: it lies within `maxFraction × (1 ± jitter)`.
    package var jitter: Double

    /// The policy a backup uses unless told otherwise.
    ///
    /// Chosen by 30 daily updates of 1 % of the rows of 134 MiB (pgbench and text). Stored whole they added 23 MiB a day; with
    /// depth 2 2.0 (worst day 2.8), 3 1.6 (2.2), 4 1.4 (1.9). docs/repository-format.md has the table.
    package static let standard = DeltaPolicy(maxDepth: 3, maxFraction: 0.75, jitter: 0.2)

    /// Stores every chunk whole.
    package static let whole = DeltaPolicy(maxDepth: 0, maxFraction: 0, jitter: 0)

    /// - Parameters:
    ///   - maxDepth: How many deltas may have to be decoded for one chunk, 0 to ``ChunkReader/deepestChain``.
    ///   - maxFraction: The largest delta, as a fraction of the whole frame.
    ///   - jitter: By how much that fraction differs between chunks, 0 to 1.
    package init(maxDepth: Int, maxFraction: Double, jitter: Double) {
        precondition((0...ChunkReader.deepestChain).contains(maxDepth), "no reader follows a longer chain")
        self.maxDepth = maxDepth
        self.maxFraction = maxFraction
        self.jitter = jitter
    }

    /// Chooses the base for a chunk.
    ///
    /// - Parameters:
    ///   - previousDepth: The depth of its version before; 0 when that is whole.
    ///   - chunk: The chunk's id.
    /// - Returns: The depth of the version to take, in the chain that the version before belongs to, from 0 (the whole root)
    ///   to `previousDepth` (the version before itself); `nil` for no delta.
    package func baseDepth(previousDepth: Int, chunk: ChunkID) -> Int? {
        if maxDepth == 0 { return nil }
        if previousDepth < maxDepth { return previousDepth }
        return Int(chunk.prefix & 0xFFFF) % maxDepth
    }

    /// Whether a delta of `deltaBytes` is kept, rather than a whole frame of about `wholeBytes`.
    ///
    /// - Parameters:
    ///   - deltaBytes: The delta's length.
    ///   - wholeBytes: The length of the whole frame that would be stored instead, or a good guess: the length of the
    ///     root's frame.
    ///   - chunk: The chunk's id; it picks the place in the jitter's range.
    package func keeps(deltaBytes: Int, wholeBytes: Int, chunk: ChunkID) -> Bool {
        let place = Double(chunk.prefix >> 48) / Double(UInt16.max) * 2 - 1
        return Double(deltaBytes) <= Double(wholeBytes) * maxFraction * (1 + jitter * place)
    }
}
