import Glibc
import PostgresClient
import Repository

/// The tablespaces that a backup's WAL creates.
///
/// Replaying such a record empties and takes over the original location, wherever the server runs: on a machine where
/// that location exists, a restored server would write into what may be production's.
enum CreatedTablespaces {
    private static let manager: UInt8 = 5  // RM_TBLSPC_ID

    /// The locations, in the order they are created.
    ///
    /// - Parameters:
    ///   - wal: What the backup says of its WAL.
    ///   - folder: Where its segments were extracted to.
    /// - Throws: ``RestoreError`` `backupUnusable` when the WAL can't be followed; ``RepositoryError``.
    static func locations(in wal: BackupManifest.WAL, folder: String) throws -> [String] {
        guard let start = LSN(wal.startLSN), let end = LSN(wal.endLSN), let size = UInt32(exactly: wal.segmentBytes),
            WALSegmentName.isSegmentSize(size)
        else { throw unusable("its manifest has no WAL range") }
        var open: (name: String, file: OpenFile)?
        var records = WALRecords(from: start, to: end, segmentBytes: wal.segmentBytes, keeping: manager) { position in
            let segment = WALSegmentName(
                timeline: TimelineID(wal.timeline),
                containing: position,
                segmentSize: size
            )
            if open?.name != segment.fileName {
                open = (segment.fileName, try OpenFile.open("\(folder)/\(segment.fileName)", O_RDONLY))
            }
            let offset = Int64(position.rawValue - segment.start.rawValue)
            return try [UInt8](unsafeUninitializedCapacity: Int(WALRecords.pageBytes)) { buffer, count in
                count = try open?.file.read(at: offset, into: UnsafeMutableRawBufferPointer(buffer)) ?? 0
            }
        }
        var locations: [String] = []
        do {
            while let record = try records.next() {
                if let location = location(in: record) { locations.append(location) }
            }
        } catch let error as WALRecords.Broken {
            throw unusable("no record begins at \(error.position)")
        }
        return locations
    }

    /// The location in an XLOG_TBLSPC_CREATE record: the tablespace's OID and a C string (src/include/commands/tablespace.h).
    static func location(in record: WALRecords.Record) -> String? {
        guard record.manager == manager, record.info & 0xF0 == 0, let marker = record.body.first else { return nil }
        // The body begins with how long the data is: one byte after 255, four after 254 (xlogrecord.h).
        let lead = marker == 255 ? 2 : marker == 254 ? 5 : 0
        guard lead > 0 else { return nil }
        return String(decoding: record.body.dropFirst(lead + 4).prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func unusable(_ why: String) -> RestoreError {
        RestoreError(
            .backupUnusable,
            "the backup's WAL can't be followed: \(why)",
            hint: "Take another backup ('recyclicctl backups'), and run 'recyclicctl verify --full all'."
        )
    }
}
