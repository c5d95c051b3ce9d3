import Foundation

/// How a session stores what it gets.
package struct IngestOptions: Sendable {
    /// The codec of new frames.
    package var codec: Codec
    /// The codec's level; `nil` takes its default.
    package var level: Int?
    /// How many threads hash and compress; at least 1.
    package var workers: Int
    /// How many chunks may be on their way at once; at least 2. Each holds its bytes and its frame.
    package var chunksInFlight: Int
    /// When changed chunks are stored as deltas. Without effect for gzip, which stores whole chunks.
    package var deltas: DeltaPolicy
    /// Packs known to be damaged: what they hold is taken for unknown and stored again.
    package var excludedPacks: Set<Digest> = []

    /// - Parameters:
    ///   - codec: The codec of new frames.
    ///   - level: The codec's level.
    ///   - workers: How many threads hash and compress; `nil` takes one a core.
    ///   - deltas: When changed chunks are stored as deltas.
    package init(
        codec: Codec = .zstd,
        level: Int? = nil,
        workers: Int? = nil,
        deltas: DeltaPolicy = .standard
    ) {
        self.codec = codec
        self.level = level
        self.workers = max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
        chunksInFlight = 64
        self.deltas = codec == .zstd ? deltas : .whole
    }
}
