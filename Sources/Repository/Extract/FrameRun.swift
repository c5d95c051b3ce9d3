/// Frames of one pack that lie so near each other that one read gets them all, with what is to become of them.
struct FrameRun: Sendable {
    /// The pack, by its number in the plan's list of packs.
    let pack: UInt32
    /// The uses, sorted: those of one frame follow one another.
    private(set) var uses: [FrameUse]

    /// Where the first frame begins in the pack.
    let start: UInt32
    /// Where the last frame ends.
    private(set) var end: UInt64

    /// Begins a run.
    init(_ use: FrameUse) {
        pack = use.pack
        uses = [use]
        start = use.offset
        end = UInt64(use.offset) + UInt64(use.storedBytes)
    }

    /// How many bytes one read of it takes.
    var byteCount: Int { Int(end) - Int(start) }

    /// Adds the next use in order if it belongs to this run.
    ///
    /// - Returns: `false` when it must begin a new one: another pack or step, too far away, or the run is full.
    mutating func append(_ use: FrameUse) -> Bool {
        let useEnd = UInt64(use.offset) + UInt64(use.storedBytes)
        guard let last = uses.last, use.pack == pack, use.level == last.level, use.needsReader == last.needsReader,
            UInt64(use.offset) <= end + Limits.gapBytes,
            use.sharesFrame(with: last) || Int(useEnd) - Int(start) <= Limits.spanBytes,
            uses.count < Limits.uses || use.sharesFrame(with: last) && uses.count < Limits.usesOfOneFrame
        else { return false }
        uses.append(use)
        end = max(end, useEnd)
        return true
    }

    private enum Limits {
        /// Unneeded bytes between two frames that are cheaper to read than to skip.
        static let gapBytes: UInt64 = 64 << 10
        /// The longest read.
        static let spanBytes = 1 << 20
        /// Uses in a run.
        static let uses = 1 << 10
        /// A frame that very many files share (the empty page's) is read again after this many.
        static let usesOfOneFrame = 1 << 14
    }
}
