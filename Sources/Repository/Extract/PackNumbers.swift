/// The packs that an extraction reads, numbered in the order they were first needed, so that a use of a frame names its
/// pack in four bytes.
struct PackNumbers: Sendable {
    private(set) var digests: [Digest] = []
    private var numbers: [Digest: UInt32] = [:]

    /// The pack's number; a new one when it has none.
    mutating func number(_ pack: Digest) -> UInt32 {
        if let number = numbers[pack] { return number }
        let number = UInt32(digests.count)
        digests.append(pack)
        numbers[pack] = number
        return number
    }
}
