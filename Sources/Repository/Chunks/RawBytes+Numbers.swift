// The numbers of the repository's binary structures: unsigned, little-endian, at any alignment. Offsets are checked by
// the caller, who knows how long the structure is; the standard library traps on others.

extension UnsafeRawBufferPointer {
    /// The number of two bytes at `offset`.
    func number16(at offset: Int) -> UInt16 {
        UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The number of four bytes at `offset`.
    func number32(at offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// `count` bytes from `offset` on.
    func part(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[offset..<offset + count])
    }

    /// The digest at `offset`.
    func digest(at offset: Int) -> Digest {
        Digest(loading: part(offset, Digest.byteCount))
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Writes a number of two bytes.
    func store16(_ value: UInt16, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt16.self)
    }

    /// Writes a number of four bytes.
    func store32(_ value: UInt32, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// `count` bytes from `offset` on.
    func part(_ offset: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: self[offset..<offset + count])
    }

    /// Writes a digest.
    func store(_ digest: Digest, at offset: Int) {
        digest.store(to: part(offset, Digest.byteCount))
    }
}
