import PostgresClient

/// Walks the records of a stretch of WAL, as far as finding one kind of record needs it.
///
/// The layout is that of XLogPageHeaderData and XLogRecord (src/include/access/xlog_internal.h, xlogrecord.h), the same
/// in PostgreSQL 15 to 18. Checksums are not looked at: whoever gives the pages has checked them.
struct WALRecords {
    /// One record.
    struct Record: Equatable {
        /// Where it begins.
        let position: LSN
        /// The resource manager (src/include/access/rmgrlist.h).
        let manager: UInt8
        /// What it does, in the upper four bits.
        let info: UInt8
        /// What follows its header; empty unless the walk keeps this manager's records.
        let body: [UInt8]
    }

    /// Why a walk can't go on.
    struct Broken: Error {
        /// Where.
        let position: LSN
    }

    /// The size of a WAL page, in bytes.
    static let pageBytes: UInt64 = 8192
    private static let headerBytes: UInt64 = 24
    private static let longestBody = 1 << 20

    private var position: UInt64
    private let end: UInt64
    private let segmentBytes: UInt64
    private let keptManager: UInt8
    private let page: (LSN) throws -> [UInt8]
    private var cached: (start: UInt64, bytes: [UInt8])?

    /// - Parameters:
    ///   - start: Where a record begins.
    ///   - end: Where to end: records that begin there or later are not given.
    ///   - segmentBytes: The size of a segment.
    ///   - keptManager: The resource manager whose records are given with their bodies.
    ///   - page: Gives the page that begins at a position; 8192 bytes.
    init(
        from start: LSN,
        to end: LSN,
        segmentBytes: Int,
        keeping keptManager: UInt8,
        page: @escaping (LSN) throws -> [UInt8]
    ) {
        position = start.rawValue
        self.end = end.rawValue
        self.segmentBytes = UInt64(segmentBytes)
        self.keptManager = keptManager
        self.page = page
    }

    /// The next record; `nil` at the end.
    ///
    /// - Throws: ``Broken`` where no record can be; what `page` throws.
    mutating func next() throws -> Record? {
        position = (position + 7) & ~7
        skipPageHeader()
        guard position < end else { return nil }
        let start = position
        let header = try read(Self.headerBytes)
        let length = header.withUnsafeBytes { UInt64(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))) }
        let (info, manager) = (header[16], header[17])
        guard length >= Self.headerBytes else { throw Broken(position: LSN(start)) }
        let rest = length - Self.headerBytes
        var body: [UInt8] = []
        if manager == keptManager {
            guard rest <= Self.longestBody else { throw Broken(position: LSN(start)) }
            body = try read(rest)
        } else {
            skip(rest)
        }
        // XLOG_SWITCH: what is left of the segment is empty.
        if manager == 0, info & 0xF0 == 0x40, position % segmentBytes != 0 {
            position += segmentBytes - position % segmentBytes
        }
        return Record(position: LSN(start), manager: manager, info: info, body: body)
    }

    /// At a page's beginning, goes on behind its header: a long one at the beginning of a segment.
    private mutating func skipPageHeader() {
        guard position % Self.pageBytes == 0 else { return }
        position += position % segmentBytes == 0 ? 40 : 24
    }

    private mutating func skip(_ count: UInt64) {
        var left = count
        while left > 0 {
            skipPageHeader()
            let step = min(left, Self.pageBytes - position % Self.pageBytes)
            position += step
            left -= step
        }
    }

    private mutating func read(_ count: UInt64) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < Int(count) {
            skipPageHeader()
            let offset = position % Self.pageBytes
            let step = min(count - UInt64(bytes.count), Self.pageBytes - offset)
            bytes += try pageBytes(at: position - offset)[Int(offset)..<Int(offset + step)]
            position += step
        }
        return bytes
    }

    private mutating func pageBytes(at start: UInt64) throws -> [UInt8] {
        if let cached, cached.start == start { return cached.bytes }
        let bytes = try page(LSN(start))
        guard bytes.count == Int(Self.pageBytes) else { throw Broken(position: LSN(start)) }
        cached = (start, bytes)
        return bytes
    }
}
