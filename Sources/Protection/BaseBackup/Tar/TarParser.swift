/// Takes a tar archive apart while it arrives, in pieces of any length, without copying the members' contents.
///
/// It reads the ustar format (POSIX.1-1988, and GNU's base-256 numbers for large sizes) as far as PostgreSQL's BASE_BACKUP
/// uses it (src/port/tar.c): files, directories and symbolic links. Anything else is an error, because what a backup does not
/// understand it can't give back. The archive may end with zero blocks or without.
package struct TarParser: Sendable {
    /// What the parser found.
    package enum Event {
        /// A member begins; its contents follow as ``contents(_:)``, then ``end``.
        case entry(TarEntry)
        /// The next piece of the member's contents. The memory is the caller's own and ends with the call.
        case contents(UnsafeRawBufferPointer)
        /// The member is complete.
        case end
    }

    private enum State: Sendable {
        /// Can transition to: contents, padding (an empty file ends at once), finished.
        case header
        /// Can transition to: padding, header.
        case contents(left: Int64, padding: Int)
        /// Can transition to: header.
        case padding(left: Int)
        /// A zero block was seen; only zeros may follow.
        case finished
    }

    private static let blockBytes = 512

    private var state = State.header
    private var header: [UInt8] = []

    package init() {
        header.reserveCapacity(Self.blockBytes)
    }

    /// Takes the archive's next bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes, any number of them.
    ///   - handle: Called for each event, in order. What it throws ends the call; the parser is of no use afterwards.
    /// - Throws: ``TarError``, or what `handle` throws.
    package mutating func consume(
        _ bytes: UnsafeRawBufferPointer,
        _ handle: (Event) throws -> Void
    ) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .header:
                let missing = Self.blockBytes - header.count
                if header.isEmpty, rest.count >= Self.blockBytes {
                    try readHeader(UnsafeRawBufferPointer(rebasing: rest.prefix(Self.blockBytes)), handle)
                } else {
                    header.append(contentsOf: rest.prefix(missing))
                    if header.count == Self.blockBytes {
                        let block = header
                        header.removeAll(keepingCapacity: true)
                        try block.withUnsafeBytes { try readHeader($0, handle) }
                    }
                }
                rest = rest.dropFirst(missing)
            case .contents(let left, let padding):
                let piece = rest.prefix(Int(min(left, Int64(rest.count))))
                try handle(.contents(UnsafeRawBufferPointer(rebasing: piece)))
                rest = rest.dropFirst(piece.count)
                if Int64(piece.count) == left {
                    try handle(.end)
                    state = padding > 0 ? .padding(left: padding) : .header
                } else {
                    state = .contents(left: left - Int64(piece.count), padding: padding)
                }
            case .padding(let left):
                let skipped = min(left, rest.count)
                rest = rest.dropFirst(skipped)
                state = skipped == left ? .header : .padding(left: left - skipped)
            case .finished:
                guard rest.allSatisfy({ $0 == 0 }) else { throw TarError(.dataAfterEnd) }
                rest = rest.dropFirst(rest.count)
            }
        }
    }

    /// Says that the archive has ended.
    ///
    /// - Throws: ``TarError`` when it ended inside a header or a member.
    package func finish() throws(TarError) {
        switch state {
        case .header where header.isEmpty, .finished: return
        case .header, .contents, .padding: throw TarError(.truncated)
        }
    }

    private mutating func readHeader(_ block: UnsafeRawBufferPointer, _ handle: (Event) throws -> Void) throws {
        if block.allSatisfy({ $0 == 0 }) {
            state = .finished
            return
        }
        let entry = try TarHeader(block: block).entry()
        try handle(.entry(entry))
        if entry.size == 0 {
            try handle(.end)
            state = .header
        } else {
            let over = Int(entry.size % Int64(Self.blockBytes))
            state = .contents(left: entry.size, padding: over == 0 ? 0 : Self.blockBytes - over)
        }
    }
}
