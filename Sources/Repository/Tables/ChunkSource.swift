/// Where the bytes of chunks come from.
package protocol ChunkSource {
    /// The bytes of a chunk, checked against its id.
    ///
    /// - Throws: ``RepositoryError``: `notFound`, `damaged`.
    func read(_ id: ChunkID) throws -> [UInt8]
}
