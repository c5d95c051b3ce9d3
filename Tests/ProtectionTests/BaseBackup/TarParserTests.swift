import TestSupport
import Testing

@testable import Protection

@Suite("The tar parser")
struct TarParserTests {
    private struct Member: Equatable {
        var entry: TarEntry
        var contents: [UInt8]
    }

    /// Feeds an archive in pieces of the given length.
    private func members(_ bytes: [UInt8], pieces: Int) throws -> [Member] {
        var parser = TarParser()
        var members: [Member] = []
        var isOpen = false
        try bytes.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + pieces, bytes.count)])
                try parser.consume(piece) { event in
                    switch event {
                    case .entry(let entry):
                        #expect(!isOpen)
                        isOpen = true
                        members.append(Member(entry: entry, contents: []))
                    case .contents(let bytes): members[members.count - 1].contents += bytes
                    case .end:
                        #expect(isOpen)
                        isOpen = false
                    }
                }
            }
        }
        try parser.finish()
        #expect(!isOpen)
        return members
    }

    private func path(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(
        "gives the same members however the archive is cut",
        arguments: [1, 7, 511, 512, 513, 4096, 100_000],
        [0, 1, 2, 20]
    )
    func cuts(pieces: Int, endBlocks: Int) throws {
        let large = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var archive = TarArchive()
        archive.add("backup_label", contents: Array("START WAL LOCATION".utf8))
        archive.add("global/", type: "5", mode: 0o700)
        archive.add("global/1262", contents: large)
        archive.add("empty")
        archive.add("exact", contents: Array(large.prefix(1024)))
        archive.add("pg_tblspc/16385/", type: "2", mode: 0o777, link: "/srv/fast disk")
        archive.end(blocks: endBlocks)
        let members = try members(archive.bytes, pieces: pieces)
        #expect(
            members == [
                Member(
                    entry: TarEntry(path: path("backup_label"), kind: .file, mode: 0o600, size: 18),
                    contents: Array("START WAL LOCATION".utf8)
                ),
                Member(entry: TarEntry(path: path("global"), kind: .directory, mode: 0o700, size: 0), contents: []),
                Member(
                    entry: TarEntry(path: path("global/1262"), kind: .file, mode: 0o600, size: 3000),
                    contents: large
                ),
                Member(entry: TarEntry(path: path("empty"), kind: .file, mode: 0o600, size: 0), contents: []),
                Member(
                    entry: TarEntry(path: path("exact"), kind: .file, mode: 0o600, size: 1024),
                    contents: Array(large.prefix(1024))
                ),
                Member(
                    entry: TarEntry(
                        path: path("pg_tblspc/16385"),
                        kind: .link(target: path("/srv/fast disk")),
                        mode: 0o777,
                        size: 0
                    ),
                    contents: []
                ),
            ]
        )
    }

    @Test("puts prefix and name together")
    func prefix() throws {
        var archive = TarArchive()
        archive.add("file", prefix: "a/long/way")
        #expect(try members(archive.bytes, pieces: 512).map(\.entry.path) == [path("a/long/way/file")])
    }

    @Test("leaves out a dot at the beginning")
    func dot() throws {
        var archive = TarArchive()
        archive.add("./pg_wal/archive_status/", type: "5", mode: 0o700)
        #expect(try members(archive.bytes, pieces: 512).map(\.entry.path) == [path("pg_wal/archive_status")])
    }

    @Test("reads sizes beyond 8 GiB")
    func largeSize() throws {
        var archive = TarArchive()
        archive.add("huge", size: 20 << 30, base256: true)
        var parser = TarParser()
        var sizes: [Int64] = []
        try archive.bytes.withUnsafeBytes { bytes in
            try parser.consume(bytes) { if case .entry(let entry) = $0 { sizes.append(entry.size) } }
        }
        #expect(sizes == [20 << 30])
        #expect(throws: TarError(.truncated)) { try parser.finish() }
    }

    @Test("refuses what a base backup never holds")
    func refusals() {
        func reason(_ make: (inout TarArchive) -> Void) -> TarError.Reason? {
            var archive = TarArchive()
            make(&archive)
            do {
                _ = try members(archive.bytes, pieces: 600)
                return nil
            } catch {
                return (error as? TarError)?.reason
            }
        }
        #expect(reason { $0.add("hard", type: "1") } == .unsupportedType(UInt8(ascii: "1")))
        #expect(reason { $0.add("pax", type: "x") } == .unsupportedType(UInt8(ascii: "x")))
        #expect(reason { $0.add("/") } == .emptyPath)
        #expect(reason { $0.add("folder/", type: "5", size: 512) } == .size)
        #expect(reason { $0.add("huge", size: .max, base256: true) } == .size)
        #expect(reason { $0.add("cut", contents: [1, 2, 3], size: 600) } == .truncated)
        #expect(
            reason {
                $0.add("file")
                $0.change(3, to: 0)
            } == .headerChecksum
        )
        #expect(
            reason {
                $0.add("file")
                $0.end(blocks: 1)
                $0.add("more")
            } == .dataAfterEnd
        )
    }

    @Test("survives any damage: it gives members or an error, and never reads past the end", arguments: 0..<300)
    func fuzz(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var archive = TarArchive()
        for number in 0..<3 {
            archive.add(
                "base/\(number)",
                type: ["0", "5", "2"][number],
                contents: number == 0 ? [UInt8](repeating: 7, count: Int.random(in: 0..<1200, using: &generator)) : []
            )
        }
        archive.end()
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let place = Int.random(in: 0..<archive.bytes.count, using: &generator)
            archive.change(place, to: UInt8.random(in: .min ... .max, using: &generator))
        }
        let length = Int.random(in: 0...archive.bytes.count, using: &generator)
        let bytes = Array(archive.bytes.prefix(length))
        var parser = TarParser()
        var total: Int64 = 0
        do {
            try bytes.withUnsafeBytes { bytes in
                try parser.consume(bytes) { if case .contents(let piece) = $0 { total += Int64(piece.count) } }
            }
            try parser.finish()
        } catch {
            #expect(error is TarError)
        }
        #expect(total <= Int64(length))
    }
}
