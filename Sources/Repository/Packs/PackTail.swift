/// How a directory's payload is stored at a pack's end: in a zstd skippable frame, or in empty gzip members.
struct PackTail {
    static let trailerBytes = 16
    private static let magic = UInt64(0x4B43_4150_4359_4352)  // RCYCPACK
    /// What surrounds one part of the payload: in gzip the header (10), the extra field's length (2), the subfield's
    /// header (4), the trailer (16), and the empty deflate stream with its CRC and length (10).
    private static let gzipFrameBytes = 42
    private static let gzipEndBytes = 10
    private static let gzipPartBytes = 65_515
    private static let skippableMagic: UInt32 = 0x184D_2A5E
    private static let skippableHeaderBytes = 8
    private static let gzipHeader: [UInt8] = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255]
    private static let gzipEnd: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    /// Whether the payload is in gzip members.
    let isGzip: Bool
    /// The payload's length in bytes.
    let payloadBytes: Int
    /// Where the tail begins in the pack.
    let start: Int64

    private var partCount: Int {
        isGzip ? max(1, (payloadBytes + Self.gzipPartBytes - 1) / Self.gzipPartBytes) : 1
    }

    /// How long the tail is, with everything around the payload.
    var storedBytes: Int {
        isGzip
            ? payloadBytes + partCount * Self.gzipFrameBytes
            : Self.skippableHeaderBytes + payloadBytes + Self.trailerBytes
    }

    /// The bytes to put at a pack's end.
    static func encode(_ payload: UnsafeRawBufferPointer, isGzip: Bool) -> [UInt8] {
        let tail = PackTail(isGzip: isGzip, payloadBytes: payload.count, start: 0)
        let length = tail.storedBytes
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            let target = UnsafeMutableRawBufferPointer(buffer)
            var position = 0
            for part in 0..<tail.partCount {
                let bytes = tail.part(part, of: payload)
                let header = isGzip ? gzipHeader(bytes.count) : skippableHeader(bytes.count)
                target.part(position, header.count).copyBytes(from: header)
                position += header.count
                target.part(position, bytes.count).copyMemory(from: bytes)
                position += bytes.count
                let trailer = target.part(position, trailerBytes)
                trailer.store16(UInt16(part), at: 0)
                trailer.store16(UInt16(tail.partCount), at: 2)
                trailer.store32(UInt32(payload.count), at: 4)
                trailer.storeBytes(of: magic.littleEndian, toByteOffset: 8, as: UInt64.self)
                position += trailerBytes
                if isGzip {
                    target.part(position, gzipEndBytes).copyBytes(from: gzipEnd)
                    position += gzipEndBytes
                }
            }
            count = position
        }
    }

    /// Finds the tail from a pack's last bytes.
    static func find(in object: any ObjectHandle) throws -> PackTail {
        let last = trailerBytes + gzipEndBytes
        guard object.size >= Int64(last) else { throw PackDirectory.damage("the pack has \(object.size) bytes") }
        let end = try FrameBuffer(reading: object, at: object.size - Int64(last), count: last)
        let (isGzip, payloadBytes) = try withExtendedLifetime(end) {
            let isGzip = !hasMagic(end.bytes.part(gzipEndBytes, trailerBytes))
            let trailer = end.bytes.part(isGzip ? 0 : gzipEndBytes, trailerBytes)
            guard hasMagic(trailer) else { throw PackDirectory.damage("no magic number at the pack's end") }
            return (isGzip, Int(trailer.number32(at: 4)))
        }
        guard payloadBytes <= PackDirectory.longestPayload else {
            throw PackDirectory.damage("it claims \(payloadBytes) bytes")
        }
        let sized = PackTail(isGzip: isGzip, payloadBytes: payloadBytes, start: 0)
        let start = object.size - Int64(sized.storedBytes)
        guard start >= 0 else { throw PackDirectory.damage("it claims more bytes than the pack has") }
        return PackTail(isGzip: isGzip, payloadBytes: payloadBytes, start: start)
    }

    /// Checks everything around the payload's parts and puts them together.
    func payload(of stored: UnsafeRawBufferPointer) throws -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(payloadBytes)
        var position = 0
        for part in 0..<partCount {
            let length = partBytes(part)
            let header = isGzip ? Self.gzipHeader(length) : Self.skippableHeader(length)
            guard stored.part(position, header.count).elementsEqual(header) else {
                throw PackDirectory.damage("part \(part) does not begin as it should")
            }
            position += header.count
            payload.append(contentsOf: stored.part(position, length))
            position += length
            let trailer = stored.part(position, Self.trailerBytes)
            guard Self.hasMagic(trailer), trailer.number16(at: 0) == part, trailer.number16(at: 2) == partCount,
                trailer.number32(at: 4) == payloadBytes
            else { throw PackDirectory.damage("part \(part) has a wrong trailer") }
            position += Self.trailerBytes
            if isGzip {
                guard stored.part(position, Self.gzipEndBytes).elementsEqual(Self.gzipEnd) else {
                    throw PackDirectory.damage("part \(part) does not end as it should")
                }
                position += Self.gzipEndBytes
            }
        }
        return payload
    }

    /// All parts but the last are full.
    private func partBytes(_ part: Int) -> Int {
        part < partCount - 1 ? Self.gzipPartBytes : payloadBytes - part * Self.gzipPartBytes
    }

    private func part(_ part: Int, of payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        payload.part(part * Self.gzipPartBytes, partBytes(part))
    }

    private static func hasMagic(_ trailer: UnsafeRawBufferPointer) -> Bool {
        UInt64(littleEndian: trailer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) == magic
    }

    private static func skippableHeader(_ partBytes: Int) -> [UInt8] {
        littleEndian(skippableMagic) + littleEndian(UInt32(partBytes + trailerBytes))
    }

    private static func gzipHeader(_ partBytes: Int) -> [UInt8] {
        let subfield = UInt16(partBytes + trailerBytes)
        return gzipHeader + littleEndian(subfield + 4) + Array("RC".utf8) + littleEndian(subfield)
    }

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
