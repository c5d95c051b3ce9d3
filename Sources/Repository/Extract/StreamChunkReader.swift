/// Gives the chunks of a stream, each once: checks a chunk against its id, but not the bases that it was decoded from, for a
/// delta that comes out right had the right base. Only when one does not is each step checked, and other copies are tried.
///
/// Not Sendable: one for each thread.
final class StreamChunkReader: ChunkSource {
    private let store: any ObjectStore
    private let index: ChunkIndex
    private let quick: ChunkReader
    /// Made when the first chunk does not come out right.
    private var careful: ChunkReader?

    init(store: any ObjectStore, index: ChunkIndex) throws {
        self.store = store
        self.index = index
        // A chunk of a stream comes once, as a rule: there is little to gain by keeping some.
        quick = try ChunkReader(store: store, index: index, cacheBytes: 0, comparesIDs: false)
    }

    func read(_ id: ChunkID) throws -> [UInt8] {
        if let bytes = try? quick.read(id), ChunkID(hashing: bytes) == id { return bytes }
        let reader = try careful ?? ChunkReader(store: store, index: index, cacheBytes: 0)
        careful = reader
        return try reader.read(id)
    }
}
