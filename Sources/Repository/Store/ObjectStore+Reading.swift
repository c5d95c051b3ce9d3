extension ObjectStore {
    /// Whether there is an object of this name.
    package func exists(_ name: String) throws -> Bool {
        do {
            _ = try size(of: name)
            return true
        } catch let error as RepositoryError where error.kind == .notFound {
            return false
        }
    }

    /// Reads part of an object into `buffer`; for many reads of one object take ``open(_:)``.
    ///
    /// - Returns: How many bytes were read: less than `buffer.count` only at the object's end.
    package func read(
        _ name: String,
        at offset: Int64,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        try open(name).read(at: offset, into: buffer)
    }

    /// Reads a small object whole.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - limit: The size up to which it is read, in bytes; a larger one is taken for damaged.
    /// - Throws: ``RepositoryError``, `damaged` when the object is larger than `limit` or shrinks meanwhile.
    package func get(_ name: String, limit: Int = 64 << 20) throws -> [UInt8] {
        let handle = try open(name)
        guard handle.size <= limit else {
            throw RepositoryError(.damaged, "object '\(name)' has \(handle.size) bytes, at most \(limit) are sensible")
        }
        let count = Int(handle.size)
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = try handle.read(at: 0, into: UnsafeMutableRawBufferPointer(buffer))
            guard initialized == count else {
                throw RepositoryError(.damaged, "object '\(name)' ends after \(initialized) of \(count) bytes")
            }
        }
    }

    /// The names of all objects below `prefix`, sorted. For folders that hold few objects: not for packs.
    package func names(_ prefix: String) throws -> [String] {
        var names: [String] = []
        try list(prefix) { names.append($0.name) }
        return names.sorted()
    }
}
