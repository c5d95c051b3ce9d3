import PostgresClient
import Repository

/// The server that a backup is taken from, as it is known before the backup starts.
struct BackupSource {
    /// The system identifier in decimal.
    let cluster: String
    /// The timeline.
    let timeline: TimelineID
    /// The size of a WAL segment, in bytes.
    let segmentBytes: UInt32
    /// The history files of the timeline and its ancestors, as far as the server still has them.
    let histories: [TimelineHistory]
    /// The facts that every replication connection can tell.
    let facts: ServerFacts

    /// Asks the server.
    init(_ connection: ReplicationConnection) throws {
        let identity = try connection.identifySystem()
        cluster = String(identity.systemIdentifier)
        timeline = identity.timeline
        segmentBytes = try Self.segmentBytes(connection.setting("wal_segment_size"))
        histories = try Self.histories(of: identity.timeline, connection)
        facts = ServerFacts(
            version: try connection.setting("server_version"),
            versionNumber: connection.serverVersion.number,
            systemIdentifier: cluster,
            timeline: identity.timeline.rawValue,
            dataChecksums: try connection.setting("data_checksums") == "on",
            blockSize: Int(try connection.setting("block_size")) ?? 8192,
            walSegmentBytes: Int(segmentBytes)
        )
    }

    private static func histories(
        of timeline: TimelineID,
        _ connection: ReplicationConnection
    ) throws -> [TimelineHistory] {
        guard timeline.rawValue > 1 else { return [] }
        let own = try connection.timelineHistory(timeline)
        // Each line begins with the number of an ancestor (src/backend/access/transam/timeline.c).
        let ancestors = String(decoding: own.content, as: UTF8.self).split(whereSeparator: \.isNewline)
            .compactMap { $0.split(whereSeparator: \.isWhitespace).first.flatMap { UInt32($0) } }
        let others = ancestors.filter { $0 > 1 && $0 != timeline.rawValue }.compactMap {
            // Servers remove old ones at will; this timeline's own file repeats what is in them.
            try? connection.timelineHistory(TimelineID($0))
        }
        return others + [own]
    }

    /// Reads `16MB`, `1GB`: `SHOW` gives the largest unit that fits.
    static func segmentBytes(_ text: String) throws -> UInt32 {
        let digits = text.prefix { $0.isNumber }
        let unit: UInt32? =
            switch text.dropFirst(digits.count) {
            case "B", "": 1
            case "kB": 1 << 10
            case "MB": 1 << 20
            case "GB": 1 << 30
            default: nil
            }
        guard let unit, let number = UInt32(digits), number <= UInt32.max / unit,
            WALSegmentName.isSegmentSize(number * unit)
        else { throw BackupError("protocolViolation", "the server's wal_segment_size '\(text)' is not a size") }
        return number * unit
    }
}
