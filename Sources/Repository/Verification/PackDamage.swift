import Synchronization

/// What is wrong with a pack.
enum PackDamage: Sendable {
    /// It is not there.
    case missing
    /// No frame of it can be had.
    case whole
    /// These chunks of it can't be had; the others decode.
    case chunks(Set<ChunkID>)

    /// Beyond so many chunks in one pack they are not told apart, so that memory stays bounded.
    static let mostChunks = 4_096

    func includes(_ id: ChunkID) -> Bool {
        switch self {
        case .missing, .whole: true
        case .chunks(let ids): ids.contains(id)
        }
    }
}

/// The damaged packs, as the threads of a verification find them.
final class PackDamageMap: Sendable {
    private let packs = Mutex<[Digest: PackDamage]>([:])

    subscript(pack: Digest) -> PackDamage? {
        get { packs.withLock { $0[pack] } }
        set { packs.withLock { $0[pack] = newValue } }
    }
}
