import Glibc

/// Takes a merge's entries in the order of their ids, puts those of one id in the order of their packs, leaves out copies
/// of the same entry, and notes which bases are used.
final class IndexMergeOutput {
    /// What is held back of an entry: its 56 bytes, then its final pack number and its base's, four bytes each.
    private static let slotBytes = 64
    private static let packOffset = 56
    private static let baseOffset = 60

    private let builder: IndexFileBuilder
    private(set) var usedBases: RankedBitmap
    /// The entries of one id; nearly always a single one.
    private var block = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * slotBytes, alignment: 8)
    private var used = 0

    init(_ builder: IndexFileBuilder, baseCount: Int) {
        self.builder = builder
        usedBases = RankedBitmap(bound: baseCount)
    }

    deinit {
        block.deallocate()
    }

    /// Takes the next entry.
    func add(_ entry: UnsafeRawBufferPointer, pack: UInt32, base: UInt32) throws {
        // Plain pointers: a merge comes here for every entry. Both hold a whole entry.
        let source = entry.baseAddress.unsafelyUnwrapped
        if used > 0, memcmp(block.baseAddress.unsafelyUnwrapped, source, IndexLayout.idBytes) != 0 { try flush() }
        if used == block.count { grow() }
        let slot = block.baseAddress.unsafelyUnwrapped + used
        memcpy(slot, source, IndexLayout.entryBytes)
        slot.storeBytes(of: pack, toByteOffset: Self.packOffset, as: UInt32.self)
        slot.storeBytes(of: base, toByteOffset: Self.baseOffset, as: UInt32.self)
        used += Self.slotBytes
    }

    /// Writes what is held back; called once more after the last entry.
    func flush() throws {
        if used == Self.slotBytes {
            try write(slot: 0)
        } else {
            for slot in order() { try write(slot: slot) }
        }
        used = 0
    }

    /// Ends the merge.
    func rankBases() {
        usedBases.rank()
    }

    /// Where the entries held back begin, sorted by pack and place in it, one of each.
    private func order() -> [Int] {
        let slots = stride(from: 0, to: used, by: Self.slotBytes).sorted { place($0) < place($1) }
        var kept: [Int] = []
        for slot in slots {
            if let last = kept.last, place(last) == place(slot) { continue }
            kept.append(slot)
        }
        return kept
    }

    private func place(_ slot: Int) -> (pack: UInt32, frameOffset: UInt32) {
        let bytes = UnsafeRawBufferPointer(block)
        return (
            bytes.load(fromByteOffset: slot + Self.packOffset, as: UInt32.self), bytes.number32(at: slot + 36)
        )
    }

    private func write(slot: Int) throws {
        let start = UnsafeRawPointer(block.baseAddress.unsafelyUnwrapped) + slot
        let base = start.load(fromByteOffset: Self.baseOffset, as: UInt32.self)
        if base != IndexLayout.noBase { usedBases.insert(Int(base)) }
        try builder.append(
            entry: UnsafeRawBufferPointer(start: start, count: IndexLayout.entryBytes),
            packNumber: start.load(fromByteOffset: Self.packOffset, as: UInt32.self),
            baseNumber: base
        )
    }

    private func grow() {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * block.count, alignment: 8)
        larger.copyMemory(from: UnsafeRawBufferPointer(block))
        block.deallocate()
        block = larger
    }
}
