extension FrameBuffer {
    /// Reads a part of an object.
    ///
    /// - Throws: ``RepositoryError`` `damaged` when the object ends before.
    convenience init(reading object: any ObjectHandle, at offset: Int64, count: Int) throws {
        self.init(capacity: count)
        try read(object, at: offset, count: count)
    }

    /// Replaces the contents with a part of an object. See ``init(reading:at:count:)``.
    func read(_ object: any ObjectHandle, at offset: Int64, count: Int) throws {
        try fill(capacity: count) { target in
            let read = try object.read(at: offset, into: target.part(0, count))
            guard read == count else {
                throw RepositoryError(.damaged, "'\(object.name)' ends after \(offset + Int64(read)) bytes")
            }
            return read
        }
    }
}
