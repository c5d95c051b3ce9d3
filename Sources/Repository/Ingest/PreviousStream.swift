/// The same stream in the backup before: which of its chunks the next chunk resembles.
///
/// A help, not a need: where its marks can't be read, chunks are stored whole.
final class PreviousStream {
    private var alignment: StreamAlignment

    /// - Parameters:
    ///   - backup: The backup before.
    ///   - path: The stream's path, as raw bytes.
    init(backup: PreviousBackup, path: [UInt8]) {
        let entry = backup.file(path)
        alignment = StreamAlignment { number in
            // A stream without a cut has no marks, but a chunk.
            guard let lists = entry?.marks else { return number == 0 && entry != nil ? [StreamMarks.none] : nil }
            return number < lists.count ? backup.marks(in: lists[number]) : nil
        }
    }

    /// Tells where the next chunk should end, see ``StreamCutter/take(_:isKnown:)``.
    var guide: ((UInt64) -> Bool)? { alignment.guide }

    /// The place of the earlier chunk that the stream's next chunk resembles; see ``StreamAlignment/place(endingAt:)``.
    func place(endingAt mark: UInt64) -> Int? {
        alignment.place(endingAt: mark)
    }
}
