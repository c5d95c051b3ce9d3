/// One thing that extraction does: decode a frame to a place of a file.
///
/// The encoded form is made for sorting by its bytes: data packs before deltas, deltas by the length of the chain beneath
/// them, and within each step by pack and offset, so that every frame is read once and packs are read forwards.
struct FrameUse: Equatable {
    /// How many bytes an encoded use has.
    static let byteCount = 72
    /// How many of them it is sorted by: level, pack, offset, file and position.
    static let keyBytes = 21

    /// How many deltas must be applied before this frame: 0 for a whole chunk.
    var level: UInt8
    /// The pack, by its number in the plan's list of packs.
    var pack: UInt32
    /// Where the frame begins in the pack.
    var offset: UInt32
    /// The file, by its number in the plan's list of files.
    var file: UInt32
    /// Where the chunk goes in the file.
    var position: UInt64
    /// The frame's length.
    var storedBytes: UInt32
    /// The chunk's length.
    var rawBytes: UInt32
    /// For a delta, the length of its base, which lies at `position` when this use's turn comes.
    var baseBytes: UInt32
    /// The chunk.
    var id: ChunkID
    /// The codec's number.
    var codec: UInt8
    /// Whether the chunk stays: not one that a delta will replace.
    var isFinal: Bool
    /// Whether the base can't be taken from the file, as it is longer than what there is room for.
    var needsReader: Bool

    /// Whether the two need the same frame.
    func sharesFrame(with other: FrameUse) -> Bool {
        level == other.level && pack == other.pack && offset == other.offset && needsReader == other.needsReader
    }

    /// Writes the encoded form to 72 bytes.
    func encode(into bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: level, toByteOffset: 0, as: UInt8.self)
        bytes.storeBytes(of: pack.bigEndian, toByteOffset: 1, as: UInt32.self)
        bytes.storeBytes(of: offset.bigEndian, toByteOffset: 5, as: UInt32.self)
        bytes.storeBytes(of: file.bigEndian, toByteOffset: 9, as: UInt32.self)
        bytes.storeBytes(of: position.bigEndian, toByteOffset: 13, as: UInt64.self)
        bytes.storeBytes(of: storedBytes.bigEndian, toByteOffset: 21, as: UInt32.self)
        bytes.storeBytes(of: rawBytes.bigEndian, toByteOffset: 25, as: UInt32.self)
        bytes.storeBytes(of: baseBytes.bigEndian, toByteOffset: 29, as: UInt32.self)
        id.store(to: UnsafeMutableRawBufferPointer(rebasing: bytes[33..<65]))
        bytes.storeBytes(of: codec, toByteOffset: 65, as: UInt8.self)
        bytes.storeBytes(of: (isFinal ? 1 : 0) | (needsReader ? 2 : 0), toByteOffset: 66, as: UInt8.self)
        for offset in 67..<FrameUse.byteCount { bytes[offset] = 0 }
    }

    /// The encoded form.
    var encoded: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: FrameUse.byteCount) { buffer, count in
            encode(into: UnsafeMutableRawBufferPointer(buffer))
            count = FrameUse.byteCount
        }
    }
}

extension FrameUse {
    /// Reads the encoded form from a sorted record.
    init(_ record: SortedRecord) {
        let bytes = Array(record.key) + Array(record.payload)
        self = bytes.withUnsafeBytes { FrameUse(decoding: $0) }
    }

    /// Reads the encoded form from 72 bytes.
    init(decoding bytes: UnsafeRawBufferPointer) {
        func number(_ offset: Int) -> UInt32 {
            UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        level = bytes[0]
        pack = number(1)
        offset = number(5)
        file = number(9)
        position = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 13, as: UInt64.self))
        storedBytes = number(21)
        rawBytes = number(25)
        baseBytes = number(29)
        id = Digest(loading: UnsafeRawBufferPointer(rebasing: bytes[33..<65]))
        codec = bytes[65]
        isFinal = bytes[66] & 1 != 0
        needsReader = bytes[66] & 2 != 0
    }
}
