/// Finds for each chunk of a stream the chunk of an earlier version that it most likely is a changed copy of.
///
/// Few changes hit the 64 bytes before a cut, so most cuts of a stream are those of its version before, though nearly every
/// chunk between them has changed. A cut is known again by its mark, the hash of those bytes. So a chunk that begins, or
/// ends, at the same mark as an earlier one resembles that one, wherever in the stream both lie.
///
/// It looks at three lists of marks at once (12,288 chunks, some 6 GiB of a stream), about where the last chunk was found,
/// so its memory does not grow with the stream. A value type; lists are had from a closure.
struct StreamAlignment {
    private let list: (Int) -> [UInt64]?
    /// The number of the middle one of the lists that are looked at.
    private var middle = 0
    /// By mark: which earlier chunks end with it, ascending.
    private var places: [UInt64: [Int]] = [:]
    /// Where the next chunk begins if nothing has changed.
    private var expected = 0
    /// The earlier chunk that begins where the next one does.
    private var start: Int? = 0
    /// How many chunks were not found since the last that was.
    private var missed = 0

    /// - Parameter list: Gives the marks of ``ChunkListWriter/mostPerList`` chunks of the earlier version, by number; `nil` after
    ///   the last.
    init(list: @escaping (Int) -> [UInt64]?) {
        self.list = list
        load()
    }

    /// Tells by its mark where the next chunk should end, so that both versions are cut alike: if it begins at a cut of the
    /// earlier version, where the chunk there ended; else at any cut of it. `nil` where nothing is known of an earlier version.
    var guide: ((UInt64) -> Bool)? {
        if places.isEmpty { return nil }
        guard let start else { return { [places] in places[$0] != nil } }
        return { [places] in places[$0]?.contains(start) ?? false }
    }

    /// Takes the stream's next chunk.
    ///
    /// - Parameter mark: The hash of its last 64 bytes; ``StreamMarks/none`` when the stream ends there.
    /// - Returns: The place of the earlier chunk that it resembles, from 0; `nil` when none is known.
    mutating func place(endingAt mark: UInt64) -> Int? {
        let end = mark == StreamMarks.none ? nil : nearest(mark)
        var place = start ?? end
        start = end.map { $0 + 1 }
        if place == nil {
            missed += 1
            // Where one or two cuts in a row have changed, the order still tells. More than that is something new.
            guard missed <= Self.mostGuesses, !places.isEmpty else { return nil }
            place = expected
        } else {
            missed = 0
        }
        guard let reached = start ?? place.map({ $0 + 1 }) else { return nil }
        expected = reached
        let number = reached / ChunkListWriter.mostPerList
        if number != middle {
            middle = number
            load()
        }
        return place
    }

    /// Of the earlier chunks with this mark, the one that lies nearest to where one is expected.
    private func nearest(_ mark: UInt64) -> Int? {
        places[mark]?.min { abs($0 - expected) < abs($1 - expected) }
    }

    private mutating func load() {
        places = [:]
        for number in max(0, middle - 1)...middle + 1 {
            guard let marks = list(number) else { break }
            for (index, mark) in marks.enumerated() where mark != StreamMarks.none {
                let place = number * ChunkListWriter.mostPerList + index
                // Of a stretch that repeats itself for long a few places are as good as all.
                if places[mark]?.count ?? 0 < Self.mostPlaces { places[mark, default: []].append(place) }
            }
        }
    }

    private static let mostPlaces = 16
    private static let mostGuesses = 2
}
