import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("Comparing stored files with the server's manifest")
struct FileComparisonTests {
    private func stored(_ path: String, _ size: Int64, _ sum: UInt32) -> IngestedFile {
        IngestedFile(path: Array(path.utf8), size: size, checksum: CRC32C(value: sum))
    }

    private func expected(_ path: String, _ size: Int64, _ sum: UInt32?) -> ServerManifestFile {
        ServerManifestFile(path: Array(path.utf8), size: size, crc32c: sum)
    }

    @Test("finds nothing when all agree, in whatever order")
    func same() throws {
        let folder = try TemporaryDirectory()
        let comparison = FileComparison(folder: folder.path)
        for number in 0..<50 { try comparison.addStored(stored("f\(number)", Int64(number), UInt32(number))) }
        for number in (0..<50).reversed() {
            try comparison.addExpected(expected("f\(number)", Int64(number), number == 3 ? nil : UInt32(number)))
        }
        let (first, count) = try comparison.differences()
        #expect(first.isEmpty && count == 0)
    }

    @Test("names what is missing, too much, or different")
    func differences() throws {
        let folder = try TemporaryDirectory()
        let comparison = FileComparison(folder: folder.path)
        for file in [stored("a", 1, 1), stored("b", 2, 2), stored("d", 4, 4), stored("z", 9, 9)] {
            try comparison.addStored(file)
        }
        for file in [expected("a", 1, 7), expected("b", 3, 2), expected("c", 3, 3), expected("d", 4, 4)] {
            try comparison.addExpected(file)
        }
        let (first, count) = try comparison.differences()
        #expect(count == 4)
        #expect(
            first == [
                FileDifference(path: "a", what: .checksum),
                FileDifference(path: "b", what: .size(stored: 2, expected: 3)),
                FileDifference(path: "c", what: .missing),
                FileDifference(path: "z", what: .unexpected),
            ]
        )
    }
}
