import Blocking

/// Checks an object's bytes against the digest in its name.
enum ObjectDigest {
    private static let blockBytes = 1 << 20

    /// Reads an object from end to end, a MiB at a time.
    ///
    /// - Throws: ``RepositoryError`` `damaged` when the digest is another; `CancellationError`.
    static func check(_ object: any ObjectHandle, cancellation: CancellationFlag?) throws {
        guard object.size > 0 else { throw RepositoryError(.damaged, "object '\(object.name)' is empty") }
        var stream = DigestStream()
        let block = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(min(object.size, Int64(blockBytes))),
            alignment: 64
        )
        defer { block.deallocate() }
        var offset: Int64 = 0
        while true {
            try cancellation?.check()
            let count = try object.read(at: offset, into: block)
            stream.update(UnsafeRawBufferPointer(rebasing: block[..<count]))
            offset += Int64(count)
            if count < block.count { break }
        }
        guard stream.digest == ObjectName.digest(of: object.name) else {
            throw RepositoryError(
                .damaged,
                "object '\(object.name)' is damaged: its \(offset) bytes don't have the SHA-256 in its name"
            )
        }
    }
}
