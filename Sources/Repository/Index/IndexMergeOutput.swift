import Glibc

/// Takes a merge's entries in the order of their ids, puts those of one id in the order of their packs, leaves out copies
/// of the same entry, and notes which bases are used.
final class IndexMergeOutput {
    /// An entry held back: its bytes lie in the block.
    private struct Held {
        var pack: UInt32
        var base: UInt32
        var offset: Int
    }

    private let builder: IndexFileBuilder
    private(set) var usedBases: RankedBitmap
    /// The entries of one id; nearly always a single one.
    private var held: [Held] = []
    private var block = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * IndexLayout.entryBytes, alignment: 8)
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
        if used > 0 {
            let other = memcmp(block.baseAddress.unsafelyUnwrapped, source, IndexLayout.idBytes)
            if other != 0 { try flush() }
        }
        if used == block.count { grow() }
        memcpy(block.baseAddress.unsafelyUnwrapped + used, source, IndexLayout.entryBytes)
        held.append(Held(pack: pack, base: base, offset: used))
        used += IndexLayout.entryBytes
    }

    /// Writes what is held back; called once more after the last entry.
    func flush() throws {
        if held.count > 1 { order() }
        for entry in held {
            if entry.base != IndexLayout.noBase { usedBases.insert(Int(entry.base)) }
            try builder.append(entry: bytes(of: entry), packNumber: entry.pack, baseNumber: entry.base)
        }
        held.removeAll(keepingCapacity: true)
        used = 0
    }

    /// Ends the merge.
    func rankBases() {
        usedBases.rank()
    }

    /// Sorts by pack and place in it, and keeps one of each.
    private func order() {
        held.sort { ($0.pack, frameOffset($0)) < ($1.pack, frameOffset($1)) }
        var kept: [Held] = []
        for entry in held {
            if let last = kept.last, last.pack == entry.pack, frameOffset(last) == frameOffset(entry) { continue }
            kept.append(entry)
        }
        held = kept
    }

    private func frameOffset(_ entry: Held) -> UInt32 {
        bytes(of: entry).number32(at: 36)
    }

    private func bytes(of entry: Held) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(block.part(entry.offset, IndexLayout.entryBytes))
    }

    private func grow() {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * block.count, alignment: 8)
        larger.copyMemory(from: UnsafeRawBufferPointer(block))
        block.deallocate()
        block = larger
    }
}
