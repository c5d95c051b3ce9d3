import Foundation

/// How a session stores what it gets.
package struct IngestOptions: Sendable {
    /// zstd's level for whole chunks. On chunks of 512 KiB of PostgreSQL's pages, level 2 stores 7 % less than level 1,
    /// level 3 another 2 %, and levels 4 and 5 hardly less than that.
    private static let zstdLevel = 3
    /// zstd's level for deltas: finding more of the base is worth it (25 MB a day where level 1 needs 31). The same as
    /// for whole chunks, so that a worker needs one compressor only.
    static let deltaLevel = 3

    /// So many threads compress what a connection delivers; each holds a compressor and the base of a delta.
    package static let mostWorkers = 4

    /// The codec of new frames.
    package var codec: Codec
    /// The codec's level for whole chunks; `nil` takes the codec's default.
    package var level: Int?
    /// How many threads hash and compress; at least 1.
    package var workers: Int
    /// How many chunks may be on their way at once; at least 2. Each holds its bytes and its frame, so they are most of what
    /// a backup needs of memory.
    package var chunksInFlight: Int
    /// When changed chunks are stored as deltas. Without effect for gzip, which stores whole chunks.
    package var deltas: DeltaPolicy
    /// Packs known to be damaged: what they hold is taken for unknown and stored again.
    package var excludedPacks: Set<Digest> = []
    /// How many bytes must stay free on the repository's disk: a session that finds less after a pack ends with
    /// `diskFull`. Packs on their way and what other objects take come on top: leave it some 100 MiB of play.
    package var reservedBytes: Int64 = 0

    /// - Parameters:
    ///   - codec: The codec of new frames.
    ///   - level: The codec's level for whole chunks; `nil` takes one that suits pages of tables.
    ///   - workers: How many threads hash and compress; `nil` takes one a core, at most ``mostWorkers``.
    ///   - deltas: When changed chunks are stored as deltas.
    package init(
        codec: Codec = .zstd,
        level: Int? = nil,
        workers: Int? = nil,
        deltas: DeltaPolicy = .standard
    ) {
        self.codec = codec
        self.level = level ?? (codec == .zstd ? Self.zstdLevel : nil)
        self.workers = max(1, workers ?? Self.defaultWorkers(cores: ProcessInfo.processInfo.activeProcessorCount))
        chunksInFlight = Self.chunksInFlight(workers: self.workers)
        self.deltas = codec == .zstd ? deltas : .whole
    }

    /// How many threads are taken where none are asked for.
    static func defaultWorkers(cores: Int) -> Int {
        min(max(1, cores), mostWorkers)
    }

    /// Hardly more than one a thread, and never more than ten, some 10 MiB: memory must not grow with the machine's cores.
    static func chunksInFlight(workers: Int) -> Int {
        min(max(8, workers + 2), 10)
    }
}
