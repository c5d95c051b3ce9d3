/// What names a chunk: the SHA-256 of its bytes before compression.
package typealias ChunkID = Digest
