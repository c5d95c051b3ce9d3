import Glibc
import PostgresClient
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite
struct WALRecordsTests {
    @Test
    func `it finds the records that pg_waldump finds`() async throws {
        try await blocking {
            let server = try PrivatePostgres(.init { $0.settings = ["wal_keep_size": "1GB"] })
            let start = try server.psql(
                "SELECT pg_switch_wal(); CHECKPOINT; SELECT redo_lsn FROM pg_control_checkpoint()"
            )
            let redo = try #require(start.split(separator: "\n").last.flatMap { LSN(String($0)) })
            try server.execute(
                """
                CREATE TABLE t AS SELECT g, repeat(md5(g::text), 20) FROM generate_series(1, 6000) g;
                SELECT pg_switch_wal();
                CREATE INDEX ON t (g);
                DELETE FROM t WHERE g % 3 = 0;
                """
            )
            let end = try #require(LSN(try server.psql("SELECT pg_current_wal_flush_lsn()")))
            try server.stop()
            let wal = "\(server.dataDirectory)/pg_wal"
            let lines = try server.run("pg_waldump", ["--path=\(wal)", "--start=\(redo)", "--end=\(end)"]).output
            let expected = lines.split(separator: "\n").compactMap { line -> LSN? in
                guard let range = line.firstRange(of: "lsn: ") else { return nil }
                return LSN(String(line[range.upperBound...].prefix { $0 != "," }))
            }
            var records = WALRecords(from: redo, to: end, segmentBytes: 16 << 20, keeping: 10) { position in
                let name = WALSegmentName(timeline: TimelineID(1), containing: position, segmentSize: 16 << 20)
                let file = try OpenFile.open("\(wal)/\(name.fileName)", O_RDONLY)
                return try [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
                    count = try file.read(
                        at: Int64(position.rawValue - name.start.rawValue),
                        into: UnsafeMutableRawBufferPointer(buffer)
                    )
                }
            }
            var found: [LSN] = []
            while let record = try records.next() { found.append(record.position) }
            #expect(found.count > 1_000)
            #expect(found == expected)
        }
    }

    @Test
    func `a stretch without records is broken, not endless`() {
        var records = WALRecords(from: LSN(0x2000028), to: LSN(0x3000000), segmentBytes: 16 << 20, keeping: 5) { _ in
            [UInt8](repeating: 0, count: 8192)
        }
        #expect(throws: WALRecords.Broken.self) { try records.next() }
    }
}
