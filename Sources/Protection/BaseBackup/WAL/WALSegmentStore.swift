import Blocking
import PostgresClient
import Repository

/// Puts one timeline's WAL, as it arrives, into objects of one segment each, without holding a segment.
///
/// It takes bytes from the start of a segment on, without gaps. Not Sendable: one thread writes.
final class WALSegmentStore {
    private let store: any ObjectStore
    private let cluster: String
    private let timeline: TimelineID
    private let history: [UInt8]
    private let segmentBytes: UInt32
    private let codec: Codec
    private let level: Int?
    private let checkSpace: () throws -> Void

    private var open: (segment: WALSegmentName, frame: StreamFrameEncoder, object: StagedObject)?
    /// Where the next byte belongs.
    private(set) var position = LSN.zero
    /// The end of the last segment that is stored, or the start of the first one.
    private(set) var durablePosition = LSN.zero
    /// The segments stored so far, in order.
    private(set) var objects: [BackupManifest.WALObject] = []
    /// The bytes of the objects made so far.
    private(set) var storedBytes: Int64 = 0

    /// - Parameters:
    ///   - store: Where the objects go.
    ///   - cluster: The system identifier in decimal.
    ///   - timeline: The timeline.
    ///   - history: Its history file's bytes; empty for timeline 1.
    ///   - segmentBytes: The cluster's segment size.
    ///   - codec: The frames' codec.
    ///   - level: The codec's level.
    ///   - checkSpace: Asked after each segment; throws when the backup must not go on.
    init(
        store: any ObjectStore,
        cluster: String,
        timeline: TimelineID,
        history: [UInt8],
        segmentBytes: UInt32,
        codec: Codec,
        level: Int?,
        checkSpace: @escaping () throws -> Void = {}
    ) {
        self.store = store
        self.cluster = cluster
        self.timeline = timeline
        self.history = history
        self.segmentBytes = segmentBytes
        self.codec = codec
        self.level = level
        self.checkSpace = checkSpace
    }

    /// Says where to begin: with the segment that holds `start`.
    func begin(at start: LSN) {
        position = WALSegmentName(timeline: timeline, containing: start, segmentSize: segmentBytes).start
        durablePosition = position
    }

    /// Takes WAL.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - start: Where they belong; it must be ``position``.
    /// - Returns: Whether a segment was completed.
    /// - Throws: ``RepositoryError``; ``BackupError`` for a gap.
    func append(_ bytes: UnsafeRawBufferPointer, at start: LSN) throws -> Bool {
        guard start == position else {
            throw BackupError(
                "walGap",
                "the server sent WAL from \(start) where \(position) was due",
                hint: "Run the backup again."
            )
        }
        var rest = bytes[...]
        var isComplete = false
        while !rest.isEmpty {
            let current = try openSegment()
            let room = current.segment.end.distance(from: position)
            let piece = rest.prefix(Int(min(room, Int64(rest.count))))
            try current.frame.append(UnsafeRawBufferPointer(rebasing: piece)) { try current.object.append($0) }
            position = position + UInt64(piece.count)
            rest = rest.dropFirst(piece.count)
            if position == current.segment.end {
                try close()
                isComplete = true
            }
        }
        return isComplete
    }

    private func openSegment() throws -> (segment: WALSegmentName, frame: StreamFrameEncoder, object: StagedObject) {
        if let open { return open }
        let segment = WALSegmentName(timeline: timeline, containing: position, segmentSize: segmentBytes)
        let frame = try StreamFrameEncoder(codec: codec, level: level, rawBytes: Int64(segmentBytes))
        let made = (segment, frame, try StagedObject(in: store))
        open = made
        return made
    }

    private func close() throws {
        guard let (segment, frame, object) = open else { return }
        open = nil
        try frame.finish { try object.append($0) }
        try put(object, file: segment.fileName, bytes: Int64(segmentBytes), to: &objects)
        durablePosition = segment.end
        try checkSpace()
    }

    /// Stores a timeline's history file.
    ///
    /// - Returns: The object.
    func put(_ history: TimelineHistory) throws -> BackupManifest.WALObject {
        let frame = try StreamFrameEncoder(codec: codec, level: level, rawBytes: Int64(history.content.count))
        let object = try StagedObject(in: store)
        try history.content.withUnsafeBytes { try frame.append($0) { try object.append($0) } }
        try frame.finish { try object.append($0) }
        var objects: [BackupManifest.WALObject] = []
        try put(object, file: history.fileName, bytes: Int64(history.content.count), to: &objects)
        return objects[0]
    }

    private func put(
        _ object: StagedObject,
        file: String,
        bytes: Int64,
        to objects: inout [BackupManifest.WALObject]
    ) throws {
        var name = ""
        _ = try object.put { digest in
            name = ObjectName.wal(
                cluster: cluster,
                timeline: timeline.rawValue,
                history: history,
                file: file,
                digest
            )
            return name
        }
        storedBytes += object.count
        let folder = ObjectName.folder(ofCluster: cluster)
        objects.append(
            BackupManifest.WALObject(name: file, object: String(name.dropFirst(folder.count)), bytes: bytes)
        )
    }
}
