// The directory's payload: a header and one entry for each frame; docs/repository-format.md has the table.

extension PackDirectory {
    static let headerBytes = 28
    static let wholeEntryBytes = 40
    static let deltaEntryBytes = 76
    private static let magic: UInt32 = 0x4450_4352  // RCPD
    private static let version: UInt8 = 1

    /// The longest payload there can be: a pack is closed at ``PackWriter/fullEntries``.
    static let longestPayload = headerBytes + PackWriter.fullEntries * deltaEntryBytes

    /// The payload's bytes.
    ///
    /// - Parameter nonce: Sixteen random bytes, so that two packs are never the same object.
    func payload(nonce: (UInt64, UInt64)) -> FrameBuffer {
        let entryBytes = Self.entryBytes(kind)
        let length = Self.headerBytes + entries.count * entryBytes
        let payload = FrameBuffer()
        payload.fill(capacity: length) { target in
            target.store32(Self.magic, at: 0)
            target[4] = Self.version
            target[5] = kind.rawValue
            target[6] = codec.number
            target[7] = 0
            target.storeBytes(of: nonce.0, toByteOffset: 8, as: UInt64.self)
            target.storeBytes(of: nonce.1, toByteOffset: 16, as: UInt64.self)
            target.store32(UInt32(entries.count), at: 24)
            var position = Self.headerBytes
            for entry in entries {
                target.store(entry.id, at: position)
                target.store32(UInt32(entry.storedBytes), at: position + 32)
                target.store32(UInt32(entry.rawBytes), at: position + 36)
                if kind == .delta, let base = entry.base {
                    target.store(base, at: position + 40)
                    target.store32(UInt32(entry.depth), at: position + 72)  // the depth, then three zero bytes
                }
                position += entryBytes
            }
            return length
        }
        return payload
    }

    /// Reads a payload.
    static func parse(payload: UnsafeRawBufferPointer) throws -> PackDirectory {
        guard payload.count >= headerBytes, payload.number32(at: 0) == magic else { throw damage("no magic number") }
        guard payload[4] == version else { throw damage("its version is \(payload[4])") }
        guard let kind = PackKind(rawValue: payload[5]) else { throw damage("there is no kind \(payload[5])") }
        guard let codec = Codec(number: payload[6]), kind != .delta || codec == .zstd, payload[7] == 0 else {
            throw damage("there is no codec \(payload[6])")
        }
        let count = Int(payload.number32(at: 24))
        let entryBytes = entryBytes(kind)
        guard count <= PackWriter.fullEntries, payload.count == headerBytes + count * entryBytes else {
            throw damage("it has \(payload.count) bytes for \(count) entries")
        }
        var entries: [PackEntry] = []
        entries.reserveCapacity(count)
        var offset = 0
        for number in 0..<count {
            let bytes = payload.part(headerBytes + number * entryBytes, entryBytes)
            let entry = try parse(entry: bytes, kind: kind, offset: offset)
            // Indexes have four bytes for an offset.
            guard offset <= UInt32.max else { throw damage("its frames are too long") }
            offset += entry.storedBytes
            entries.append(entry)
        }
        return PackDirectory(kind: kind, codec: codec, entries: entries)
    }

    private static func parse(entry: UnsafeRawBufferPointer, kind: PackKind, offset: Int) throws -> PackEntry {
        let storedBytes = Int(entry.number32(at: 32))
        let rawBytes = Int(entry.number32(at: 36))
        guard storedBytes > 0, storedBytes <= FrameLimits.frameBytes, rawBytes <= FrameLimits.chunkBytes else {
            throw damage("a frame of \(storedBytes) bytes for a chunk of \(rawBytes)")
        }
        var base: ChunkID?
        var depth: UInt8 = 0
        if kind == .delta {
            let word = entry.number32(at: 72)
            guard word > 0, word <= UInt8.max else { throw damage("a delta's depth is \(word)") }
            base = entry.digest(at: 40)
            depth = UInt8(word)
        }
        return PackEntry(
            id: entry.digest(at: 0),
            offset: offset,
            storedBytes: storedBytes,
            rawBytes: rawBytes,
            base: base,
            depth: depth
        )
    }

    private static func entryBytes(_ kind: PackKind) -> Int {
        kind == .delta ? deltaEntryBytes : wholeEntryBytes
    }
}

extension PackDirectory {
    /// The bytes to put at the pack's end: the payload in the form of the pack's codec.
    func encoded(nonce: (UInt64, UInt64)) -> [UInt8] {
        let payload = payload(nonce: nonce)
        return withExtendedLifetime(payload) { PackTail.encode(payload.bytes, isGzip: codec == .gzip) }
    }

    /// Reads a payload.
    static func parse(payload: [UInt8]) throws -> PackDirectory {
        try payload.withUnsafeBytes { try parse(payload: $0) }
    }
}
