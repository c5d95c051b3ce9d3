import PostgresClient
import TestSupport
import Testing

@Suite struct WALSegmentNameTests {
    @Test(
        arguments: [
            ("000000010000000000000001", 1, "0/1000000", 16 << 20),
            ("00000002000000A3000000FF", 2, "A3/FF000000", 16 << 20),
            ("000000010000000000000FFF", 1, "0/FFF00000", 1 << 20),
            ("000000010000000100000000", 1, "1/0", 1 << 20),
            ("0000000A0000000200000003", 10, "2/C0000000", 1 << 30),
        ] as [(String, UInt32, String, UInt32)]
    )
    func `a segment is named as in pg_wal`(name: String, timeline: UInt32, start: String, size: UInt32) throws {
        let start = try #require(LSN(start))
        let segment = WALSegmentName(timeline: TimelineID(timeline), containing: start + 17, segmentSize: size)
        #expect(segment.fileName == name)
        #expect(segment.start == start)
        #expect(segment.end == start + UInt64(size))
        #expect(WALSegmentName(fileName: name, segmentSize: size) == segment)
        #expect(segment.next.start == segment.end)
    }

    @Test(arguments: [
        "", "000000010000000000000001.partial", "00000002.history", "00000001000000000000000g",
        "00000001000000000000000a", "000000010000000000000100", "00000001000000000000001",
    ])
    func `other files are no segments`(name: String) {
        #expect(WALSegmentName(fileName: name, segmentSize: 16 << 20) == nil)
    }

    @Test func `names round trip for every segment size`() {
        var random = SeededGenerator(seed: 7)
        for power in 20...30 {
            let size = UInt32(1) << UInt32(power)
            for _ in 0..<50 {
                let position = LSN(random.next() & (1 << 60 - 1))
                let timeline = TimelineID(UInt32.random(in: 1 ... .max, using: &random))
                let segment = WALSegmentName(timeline: timeline, containing: position, segmentSize: size)
                #expect(WALSegmentName(fileName: segment.fileName, segmentSize: size) == segment)
                #expect(segment.start <= position && position < segment.end)
            }
        }
    }

    @Test func `the server names segments likewise`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        for text in ["0/1", "0/1000000", "7/89ABCDEF", "FFF/FF000001"] {
            let position = try #require(LSN(text))
            let name = try await connection.query("SELECT pg_walfile_name($1) AS name", [position + 1]).onlyRow()
                .decode("name", as: String.self)
            let ours = WALSegmentName(timeline: TimelineID(1), containing: position, segmentSize: 16 << 20)
            #expect(ours.fileName == name)
        }
    }

    @Test func `a timeline names its history file`() {
        #expect(TimelineID(26).historyFileName == "0000001A.history")
    }
}
