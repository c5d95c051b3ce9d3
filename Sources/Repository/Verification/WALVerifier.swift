import Blocking

/// Checks WAL objects: the name against the bytes, and that they decode to as many bytes as the manifest says. Both in
/// one pass and in constant memory, for a segment may have a GiB.
struct WALVerifier {
    private static let pieceBytes = 256 << 10

    let store: any ObjectStore

    /// - Parameters:
    ///   - name: The object's name.
    ///   - bytes: The length of the WAL file in it.
    ///   - cancellation: Ends the work.
    /// - Throws: ``RepositoryError``: `damaged`, `notFound`; `CancellationError`.
    func check(_ name: String, bytes: Int64, cancellation: CancellationFlag?) throws {
        let object = try store.open(name)
        let decompressor = ObjectDecompressor()
        let piece = FrameBuffer(capacity: Self.pieceBytes)
        var stream = DigestStream()
        var decoded: Int64 = 0
        var failure: RepositoryError?
        var offset: Int64 = 0
        while offset < object.size {
            try cancellation?.check()
            let count = Int(min(Int64(Self.pieceBytes), object.size - offset))
            try piece.read(object, at: offset, count: count)
            stream.update(piece.bytes)
            offset += Int64(count)
            if failure != nil { continue }
            do {
                try decompressor.decompress(piece.bytes) { decoded += Int64($0.count) }
                if offset == object.size { try decompressor.finish() }
            } catch let error as RepositoryError {
                failure = error
            }
        }
        guard object.size > 0 else { throw RepositoryError(.damaged, "object '\(name)' is empty") }
        guard stream.digest == ObjectName.digest(of: name) else {
            throw RepositoryError(
                .damaged,
                "object '\(name)' is damaged: its \(offset) bytes don't have the SHA-256 in its name"
            )
        }
        if let failure {
            throw RepositoryError(.damaged, "object '\(name)' does not decode: \(failure.message)")
        }
        guard decoded == bytes else {
            throw RepositoryError(
                .damaged,
                "object '\(name)' holds \(decoded) bytes of WAL, its manifest says \(bytes)"
            )
        }
    }
}
