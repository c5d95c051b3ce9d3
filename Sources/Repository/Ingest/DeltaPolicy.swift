/// Decides whether a changed chunk is stored as its difference from an earlier version, and from which one.
///
/// Two costs pull apart. A delta against the version of the day before stays small, but a restore has to decode one more
/// frame for every day. A delta against one fixed version decodes at once, but grows every day. So chains run up to
/// ``maxDepth``, then start again at their whole root; and when even that delta has grown to a fraction of the
/// chunk stored whole, the chunk is stored whole and becomes a new root. The fraction differs from chunk to chunk, so
/// that chunks which were first stored together are not all stored whole again on the same day.
package struct DeltaPolicy: Sendable, Equatable {
    /// How many deltas may have to be decoded for one chunk, at least 1; 0 turns deltas off.
    package var maxDepth: Int

    /// A delta is worth its trouble below this fraction of the whole frame's length.
    package var maxFraction: Double

    /// By how much the fraction differs between chunks: it lies within `maxFraction × (1 ± jitter)`.
    package var jitter: Double

    /// The policy a backup uses unless told otherwise.
    package static let standard = DeltaPolicy(maxDepth: 4, maxFraction: 0.33, jitter: 0.5)

    /// Stores every chunk whole.
    package static let whole = DeltaPolicy(maxDepth: 0, maxFraction: 0, jitter: 0)

    /// - Parameters:
    ///   - maxDepth: How many deltas may have to be decoded for one chunk, 0 to 255.
    ///   - maxFraction: The largest delta, as a fraction of the whole frame.
    ///   - jitter: By how much that fraction differs between chunks, 0 to 1.
    package init(maxDepth: Int, maxFraction: Double, jitter: Double) {
        precondition((0...255).contains(maxDepth), "a pack's directory holds the depth in one byte")
        self.maxDepth = maxDepth
        self.maxFraction = maxFraction
        self.jitter = jitter
    }

    /// What a changed chunk's delta is made against.
    package enum Base: Sendable, Equatable {
        /// No delta: the chunk is stored whole.
        case none
        /// The version before, itself whole or a delta of this depth.
        case previous(depth: Int)
        /// The whole chunk at the end of the chain that the version before belongs to.
        case root
    }

    /// Chooses the base for a chunk whose version before has a depth of `previousDepth` (0: whole).
    package func base(previousDepth: Int) -> Base {
        if maxDepth == 0 { return .none }
        return previousDepth < maxDepth ? .previous(depth: previousDepth) : .root
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
