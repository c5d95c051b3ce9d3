import Glibc

/// An object that is being written: to a temporary file, through a buffer, while its SHA-256 runs. Nothing of it is
/// in the store before ``put(as:)``, and dropping it removes the file.
package final class StagedObject {
    private static let bufferBytes = 256 << 10

    /// How many bytes have been appended.
    package private(set) var count: Int64 = 0
    private let store: any ObjectStore
    private let path: String
    private var file: OpenFile?
    private var hash = DigestStream()
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: StagedObject.bufferBytes, alignment: 16)
    private var buffered = 0

    /// Makes the temporary file.
    package init(in store: any ObjectStore) throws {
        self.store = store
        path = try store.makeTemporary()
        do {
            file = try OpenFile.open(path, O_WRONLY)
        } catch {
            unlink(path)
            throw error
        }
    }

    deinit {
        buffer.deallocate()
        // The file is gone from here when the store has taken it.
        if file != nil { unlink(path) }
    }

    /// Adds bytes at the end.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        count += Int64(bytes.count)
        if bytes.count > buffer.count - buffered {
            try flush()
            if bytes.count >= buffer.count { return try write(bytes) }
        }
        buffer.part(buffered, bytes.count).copyMemory(from: bytes)
        buffered += bytes.count
    }

    /// Makes the object durable under the name that `name` gives for its digest.
    ///
    /// - Returns: The SHA-256 of its bytes.
    package func put(as name: (Digest) -> String) throws -> Digest {
        try flush()
        let digest = hash.digest
        try store.put(file: path, as: name(digest))
        file = nil
        return digest
    }

    private func flush() throws {
        let length = buffered
        buffered = 0
        try write(UnsafeRawBufferPointer(rebasing: buffer[..<length]))
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard let file else { preconditionFailure("nothing may follow after the object was put") }
        hash.update(bytes)
        try file.write(bytes)
    }
}
