import TestSupport
import Testing

@testable import Repository

@Suite
struct ExtractionPlanTests {
    private static func use(_ generator: inout SeededGenerator) -> FrameUse {
        FrameUse(
            level: UInt8(generator.next() % 4),
            pack: UInt32(generator.next() % 5),
            offset: UInt32(truncatingIfNeeded: generator.next() % 3_000_000),
            file: UInt32(truncatingIfNeeded: generator.next()),
            position: generator.next() >> 8,
            storedBytes: UInt32(generator.next() % 100_000),
            rawBytes: UInt32(truncatingIfNeeded: generator.next()),
            baseBytes: UInt32(truncatingIfNeeded: generator.next()),
            id: generator.digest(),
            codec: UInt8(generator.next() % 3),
            isFinal: Bool.random(using: &generator),
            needsReader: Bool.random(using: &generator)
        )
    }

    @Test
    func `a use of a frame is read as it was written, and sorts by step, pack and offset`() {
        var generator = SeededGenerator(seed: 77)
        let uses = (0..<500).map { _ in Self.use(&generator) }
        for use in uses {
            let encoded = use.encoded
            #expect(encoded.count == FrameUse.byteCount)
            #expect(encoded.withUnsafeBytes { FrameUse(decoding: $0) } == use)
        }
        let byBytes = uses.sorted { $0.encoded.lexicographicallyPrecedes($1.encoded) }
        let byFields = uses.sorted {
            ($0.level, $0.pack, $0.offset, $0.file, $0.position) < ($1.level, $1.pack, $1.offset, $1.file, $1.position)
        }
        #expect(byBytes == byFields)
    }

    @Test
    func `runs hold each use once, stay in one pack and step, and are short enough to read`() {
        var generator = SeededGenerator(seed: 78)
        let uses = (0..<3_000).map { _ in Self.use(&generator) }
            .sorted { $0.encoded.lexicographicallyPrecedes($1.encoded) }
        var runs: [FrameRun] = []
        for use in uses {
            if var last = runs.last, last.append(use) {
                runs[runs.count - 1] = last
            } else {
                runs.append(FrameRun(use))
            }
        }
        #expect(runs.flatMap(\.uses) == uses)
        for run in runs {
            #expect(Set(run.uses.map(\.pack)).count == 1)
            #expect(Set(run.uses.map(\.level)).count == 1)
            #expect(run.byteCount <= 1 << 20)
            #expect(
                run.uses.allSatisfy { $0.offset >= run.start && UInt64($0.offset) + UInt64($0.storedBytes) <= run.end }
            )
        }
        #expect(runs.count < uses.count)
    }

    private let layout = ExtractionLayout(
        root: "/t",
        redirections: [.init(path: "pg_tblspc/16384", folder: "/space", linkTarget: "../x")],
        omitted: ["tablespace_map", "recyclic_wal"]
    )

    @Test(arguments: [
        ("base/1/2", ExtractionLayout.Place.path(Array("/t/base/1/2".utf8))),
        ("pg_tblspc/16384", .link(path: Array("/t/pg_tblspc/16384".utf8), target: "../x")),
        ("pg_tblspc/16384/PG_15/1", .path(Array("/space/PG_15/1".utf8))),
        ("pg_tblspc/163840", .path(Array("/t/pg_tblspc/163840".utf8))),
        ("recyclic_wal", .omitted),
        ("recyclic_wal/x", .omitted),
        ("recyclic_wall", .path(Array("/t/recyclic_wall".utf8))),
        ("tablespace_map", .omitted),
    ])
    func `an entry goes where the layout says`(_ path: String, _ place: ExtractionLayout.Place) throws {
        let entry = FileTableEntry.directory(pathBytes: Array(path.utf8), mode: 0o700)
        #expect(try layout.place(entry) == place)
    }

    @Test
    func `a name that is not UTF-8 keeps its bytes`() throws {
        let entry = FileTableEntry.directory(pathBytes: [0x63, 0xE9, 0x2F, 0x78], mode: 0o700)
        #expect(try layout.place(entry) == .path([0x2F, 0x74, 0x2F, 0x63, 0xE9, 0x2F, 0x78]))
    }

    @Test(arguments: ["", "/etc/passwd", "..", "a/../b", "a//b", "a/", ".", "a\0b"])
    func `a path that leads elsewhere is damage`(_ path: String) {
        let entry = FileTableEntry.directory(pathBytes: Array(path.utf8), mode: 0o700)
        let error = #expect(throws: RepositoryError.self) { try layout.place(entry) }
        #expect(error?.kind == .damaged)
    }

    @Test
    func `paths are looked up by number`() throws {
        let folder = try TemporaryDirectory()
        let spool = try PathSpool(folder: folder.path)
        var generator = SeededGenerator(seed: 79)
        let paths = (0..<2_000).map { _ in generator.bytes(Int(generator.next() % 90)) }
        for (number, path) in paths.enumerated() { #expect(try spool.add(path) == UInt32(number)) }
        try spool.finish()
        for number in stride(from: 1_999, through: 0, by: -37) {
            #expect(try spool.reader.path(UInt32(number)) == paths[number])
        }
    }
}
