import PostgresClient
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("The parser of the server's backup manifest")
struct ServerManifestParserTests {
    /// A manifest with its own checksum, as the server writes it.
    private func manifest(_ lines: [String]) -> [UInt8] {
        let text = Array((lines.joined(separator: "\n") + "\n").utf8)
        return text + Array("\"Manifest-Checksum\": \"\(Digest(hashing: text).hex)\"}\n".utf8)
    }

    private let lines = [
        "{ \"PostgreSQL-Backup-Manifest-Version\": 1,",
        "\"Files\": [",
        """
        { "Path": "backup_label", "Size": 225, "Last-Modified": "2026-11-22 20:00:00 GMT", \
        "Checksum-Algorithm": "CRC32C", "Checksum": "04030201" },
        """,
        "{ \"Path\": \"a \\\"quoted\\\" \\u000a name\", \"Size\": 0, \"Last-Modified\": \"2026-11-22 20:00:00 GMT\" },",
        """
        { "Encoded-Path": "62ff", "Size": 8192, "Last-Modified": "2026-11-22 20:00:00 GMT", \
        "Checksum-Algorithm": "CRC32C", "Checksum": "ffffffff" }
        """,
        "],",
        "\"WAL-Ranges\": [",
        "{ \"Timeline\": 2, \"Start-LSN\": \"0/2000028\", \"End-LSN\": \"1/2000100\" }",
        "],",
    ]

    private func parse(_ bytes: [UInt8], pieces: Int = 64) throws -> (ServerManifest, [ServerManifestFile]) {
        var parser = ServerManifestParser()
        var files: [ServerManifestFile] = []
        try bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + pieces, bytes.count)])
                try parser.consume(piece) { files.append($0) }
            }
        }
        return (try parser.finish(), files)
    }

    @Test("reads files and WAL ranges however the manifest is cut", arguments: [1, 13, 100, 10_000])
    func reads(pieces: Int) throws {
        let (summary, files) = try parse(manifest(lines), pieces: pieces)
        let range = WALRange(timeline: TimelineID(2), start: LSN(0x2000028), end: LSN(0x1_0200_0100))
        #expect(summary == ServerManifest(version: 1, systemIdentifier: nil, walRanges: [range], fileCount: 3))
        #expect(
            files == [
                ServerManifestFile(path: Array("backup_label".utf8), size: 225, crc32c: 0x0102_0304),
                ServerManifestFile(path: Array("a \"quoted\" \n name".utf8), size: 0, crc32c: nil),
                ServerManifestFile(path: [0x62, 0xFF], size: 8192, crc32c: .max),
            ]
        )
    }

    @Test("reads version 2, which names the cluster")
    func versionTwo() throws {
        var lines = lines
        lines[0] = "{ \"PostgreSQL-Backup-Manifest-Version\": 2,"
        lines.insert("\"System-Identifier\": 17575757575757575757,", at: 1)
        let (summary, files) = try parse(manifest(lines))
        #expect(summary.systemIdentifier == 17_575_757_575_757_575_757)
        #expect(files.count == 3)
    }

    @Test("refuses a manifest with any byte changed, cut or added", arguments: 0..<200)
    func damage(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let whole = manifest(lines)
        var bytes = whole
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch seed % 3 {
        case 0: bytes[place] ^= UInt8.random(in: 1 ... .max, using: &generator)
        case 1: bytes.removeSubrange(place...)
        default: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
        }
        // White space around the last line is outside the checksum and changes nothing.
        guard let (summary, files) = try? parse(bytes) else { return }
        #expect(place >= whole.count - 90)
        #expect(summary.fileCount == 3 && files.count == 3)
    }

    @Test("refuses versions that it does not know")
    func unknownVersion() {
        var lines = lines
        lines[0] = "{ \"PostgreSQL-Backup-Manifest-Version\": 3,"
        #expect(throws: ServerManifestError(.unsupportedVersion(3))) { try parse(manifest(lines)) }
    }

    @Test("holds no line without end")
    func longLine() {
        let bytes = Array("{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [\n".utf8)
        #expect(throws: ServerManifestError.self) {
            try parse(bytes + [UInt8](repeating: UInt8(ascii: "x"), count: 20_000), pieces: 1000)
        }
    }
}
