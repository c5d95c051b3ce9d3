import Testing

@testable import Protection

@Suite("What a server says of itself before a backup")
struct BackupSourceTests {
    @Test(
        "holds its segment size in the unit that SHOW chose",
        arguments: [("1MB", 1 << 20), ("16MB", 1 << 24), ("1GB", 1 << 30), ("1024kB", 1 << 20), ("16777216B", 1 << 24)]
    )
    func segmentSizes(text: String, bytes: UInt32) throws {
        #expect(try BackupSource.segmentBytes(text) == bytes)
    }

    @Test(
        "is refused when that is no segment size",
        arguments: ["", "16", "3MB", "2GB", "16 MB", "-1MB", "99999999999MB"]
    )
    func nonsense(text: String) {
        #expect(throws: BackupError.self) { try BackupSource.segmentBytes(text) }
    }
}
