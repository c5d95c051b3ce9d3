/// One file of the write-ahead log, named as in pg_wal: `000000010000000A000000FF`.
///
/// The name holds the timeline and the segment's number; how the number is split depends on the cluster's segment size
/// (src/include/access/xlog_internal.h).
package struct WALSegmentName: Hashable, Sendable {
    /// The timeline that the segment was written on.
    package let timeline: TimelineID
    /// The segment's number: its first byte's position divided by the segment size.
    package let number: UInt64
    /// The cluster's segment size in bytes: a power of two from 1 MiB to 1 GiB.
    package let segmentSize: UInt32

    /// Names a segment by its number.
    ///
    /// - Precondition: ``isSegmentSize(_:)`` holds for `segmentSize`.
    package init(timeline: TimelineID, number: UInt64, segmentSize: UInt32) {
        precondition(Self.isSegmentSize(segmentSize), "\(segmentSize) is not a WAL segment size")
        self.timeline = timeline
        self.number = number
        self.segmentSize = segmentSize
    }

    /// Names the segment that holds the byte at `position`.
    package init(timeline: TimelineID, containing position: LSN, segmentSize: UInt32) {
        self.init(timeline: timeline, number: position.rawValue / UInt64(segmentSize), segmentSize: segmentSize)
    }

    /// Reads a file's name: 24 hexadecimal digits in capitals.
    ///
    /// - Returns: `nil` for any other name (`.partial`, `.history` and `.backup` files included), and when the last
    ///   eight digits are too high for `segmentSize`.
    package init?(fileName: String, segmentSize: UInt32) {
        let digits = Array(fileName.utf8)
        guard Self.isSegmentSize(segmentSize), digits.count == 24 else { return nil }
        var parts: [UInt32] = [0, 0, 0]
        for (index, digit) in digits.enumerated() {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            parts[index / 8] = parts[index / 8] << 4 | UInt32(value)
        }
        let perHigh = Self.segmentsPerHighPart(segmentSize)
        guard UInt64(parts[2]) < perHigh else { return nil }
        timeline = TimelineID(parts[0])
        number = UInt64(parts[1]) * perHigh + UInt64(parts[2])
        self.segmentSize = segmentSize
    }

    /// The file's name.
    package var fileName: String {
        let perHigh = Self.segmentsPerHighPart(segmentSize)
        return hexadecimal(timeline.rawValue) + hexadecimal(UInt32(truncatingIfNeeded: number / perHigh))
            + hexadecimal(UInt32(number % perHigh))
    }

    /// The position of the segment's first byte.
    package var start: LSN {
        LSN(number * UInt64(segmentSize))
    }

    /// The position after the segment's last byte.
    package var end: LSN {
        LSN((number + 1) * UInt64(segmentSize))
    }

    /// The segment after this one on the same timeline.
    package var next: WALSegmentName {
        WALSegmentName(timeline: timeline, number: number + 1, segmentSize: segmentSize)
    }

    /// Whether a cluster can have this segment size: a power of two from 1 MiB to 1 GiB.
    package static func isSegmentSize(_ bytes: UInt32) -> Bool {
        bytes >= 1 << 20 && bytes <= 1 << 30 && bytes.nonzeroBitCount == 1
    }

    private static func segmentsPerHighPart(_ segmentSize: UInt32) -> UInt64 {
        (1 << 32) / UInt64(segmentSize)
    }
}

extension WALSegmentName: CustomStringConvertible {
    /// The file's name.
    package var description: String {
        fileName
    }
}
