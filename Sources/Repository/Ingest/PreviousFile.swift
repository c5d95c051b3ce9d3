import Synchronization

/// A file's chunks in the backup before, found when the first worker asks.
final class PreviousFile: Sendable {
    private struct State {
        var isLoaded = false
        var content: FileContent?
        /// The list that was read last, by its number: workers ask for places near each other.
        var list: (number: Int, ids: [ChunkID])?
    }

    private let backup: PreviousBackup
    private let path: [UInt8]
    private let state = Mutex(State())

    init(backup: PreviousBackup, path: [UInt8]) {
        self.backup = backup
        self.path = path
    }

    /// The chunk at a place of the file, from 0; `nil` when the file was shorter or not there.
    func chunk(at position: Int) -> ChunkID? {
        state.withLock { state in
            if !state.isLoaded {
                state.content = backup.content(of: path)
                state.isLoaded = true
            }
            switch state.content {
            case nil: return nil
            case .chunks(let ids): return position < ids.count ? ids[position] : nil
            case .lists(let lists):
                let (number, place) = position.quotientAndRemainder(dividingBy: ChunkListWriter.mostPerList)
                guard number < lists.count else { return nil }
                if state.list?.number != number {
                    state.list = (number, backup.ids(in: lists[number]) ?? [])
                }
                guard let ids = state.list?.ids, place < ids.count else { return nil }
                return ids[place]
            }
        }
    }
}
