import Foundation
import TestSupport
import Testing

@testable import Repository

/// Chunks in memory.
final class MemoryChunks: ChunkSource {
    private(set) var chunks: [ChunkID: [UInt8]] = [:]
    private(set) var reads = 0

    func put(_ bytes: UnsafeRawBufferPointer) -> ChunkID {
        let id = Digest(hashing: bytes)
        chunks[id] = Array(bytes)
        return id
    }

    func read(_ id: ChunkID) throws -> [UInt8] {
        reads += 1
        guard let bytes = chunks[id] else { throw RepositoryError(.notFound, "chunk '\(id)' is not there") }
        return bytes
    }
}

@Suite struct FileTableTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func table(_ entries: [FileTableEntry], in chunks: MemoryChunks) throws -> BackupManifest.Table {
        let writer = FileTableWriter(folder: folder.path, memory: 64 << 10)
        for entry in entries { try writer.add(entry) }
        return try writer.finish { chunks.put($0) }
    }

    private func file(_ path: String, size: Int64 = 1) -> FileTableEntry {
        .file(
            pathBytes: Array(path.utf8),
            mode: 0o600,
            size: size,
            content: .chunks([Digest(hashing: Array(path.utf8))])
        )
    }

    @Test func entriesComeOutSortedAndAreFoundByPath() throws {
        let chunks = MemoryChunks()
        var entries = (0..<3_000).map { file("base/\($0 % 7)/\($0)", size: Int64($0)) }
        entries.append(.directory(pathBytes: Array("base".utf8), mode: 0o700))
        entries.append(.link(pathBytes: Array("pg_tblspc/16384".utf8), mode: 0o777, target: "/srv/\"ssd\"\\1"))
        var generator = SeededGenerator(seed: 1)
        let table = try table(entries.shuffled(using: &generator), in: chunks)
        #expect(table.files == 3_002)
        #expect(table.bytes == 2_999 * 1_500)
        let reader = try FileTableReader(root: table.root, source: chunks)
        #expect(reader.tableChunks.count > 3)
        var read: [FileTableEntry] = []
        while let entry = try reader.next() { read.append(entry) }
        #expect(read == entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
        for entry in entries.prefix(50) + entries.suffix(2) {
            #expect(try reader.entry(forPath: entry.path) == entry)
        }
        for path in ["", "a", "base/3/31x", "zzz"] { #expect(try reader.entry(forPath: path) == nil) }
        reader.rewind()
        #expect(try reader.next()?.path == "base")
    }

    @Test func theTableDependsOnTheFilesAlone() throws {
        let entries = (0..<1_000).map { file("f\($0)") }
        let first = MemoryChunks()
        let second = MemoryChunks()
        #expect(try table(entries, in: first).root == table(entries.reversed(), in: second).root)
        var changed = entries
        changed[500].mode = 0o640
        let third = MemoryChunks()
        _ = try table(changed, in: third)
        let fresh = Set(third.chunks.keys).subtracting(first.chunks.keys)
        #expect(fresh.count == 2, "the chunk with the changed line, and the root")
    }

    @Test func linesAreSortedJSON() throws {
        var entry = file("a/\u{1}\"ü", size: 5)
        entry.chunks = [Digest(hashing: [1]), Digest(hashing: [2])]
        let line = entry.line
        #expect(line.last == UInt8(ascii: "\n"))
        #expect(try JSONDecoder().decode(FileTableEntry.self, from: Data(line)) == entry)
        let object = try JSONSerialization.jsonObject(with: Data(line))
        let sorted = try JSONSerialization.data(
            withJSONObject: object,
            options: [.sortedKeys, .withoutEscapingSlashes]
        )
        #expect(String(decoding: sorted, as: UTF8.self) + "\n" == String(decoding: line, as: UTF8.self))
    }

    @Test func pathsThatAreNotUTF8AreEscaped() throws {
        let bytes: [UInt8] = Array("a%b/".utf8) + [0xff, 0xc3] + Array("ü".utf8) + [0xe2, 0x82]
        let entry = FileTableEntry.directory(pathBytes: bytes, mode: 0o700)
        #expect(entry.encodedPath == true)
        #expect(entry.path == "a%25b/%FF%C3ü%E2%82")
        #expect(entry.pathBytes == bytes)
        let plain = FileTableEntry.directory(pathBytes: Array("a%b".utf8), mode: 0o700)
        #expect(plain.encodedPath == nil && plain.path == "a%b" && plain.pathBytes == Array("a%b".utf8))
    }

    @Test(arguments: ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/.", "a/\0b"])
    func pathsThatLeaveTheFolderAreRefused(path: String) {
        let writer = FileTableWriter(folder: folder.path)
        #expect(throws: RepositoryError.self) { try writer.add(file(path)) }
    }

    @Test func theSamePathTwiceIsRefused() throws {
        #expect(throws: RepositoryError.self) { try table([file("a"), file("b"), file("a")], in: MemoryChunks()) }
    }

    @Test func anEmptyTableHasAnEmptyRoot() throws {
        let chunks = MemoryChunks()
        let reader = try FileTableReader(root: table([], in: chunks).root, source: chunks)
        #expect(try reader.next() == nil)
        #expect(try reader.entry(forPath: "a") == nil)
    }

    @Test(arguments: [0, 1, 8, 9, 4_096, 4_097, 10_000])
    func chunkIdsComeBackInOrder(count: Int) throws {
        let chunks = MemoryChunks()
        var generator = SeededGenerator(seed: UInt64(count))
        let ids = (0..<count).map { _ in generator.digest() }
        var writer = ChunkListWriter()
        for id in ids { try writer.append(id) { chunks.put($0) } }
        let content = try writer.finish { chunks.put($0) }
        #expect(chunks.chunks.count == (count <= 8 ? 0 : (count + 4_095) / 4_096))
        let entry = FileTableEntry.file(pathBytes: Array("f".utf8), mode: 0, size: 0, content: content)
        var cursor = ChunkIDCursor(entry: entry, source: chunks)
        var read: [ChunkID] = []
        while let id = try cursor.next() { read.append(id) }
        #expect(read == ids)
    }

    @Test func aDamagedTableIsAnError() throws {
        let chunks = MemoryChunks()
        for text in ["no json\n", "{\"first\":\"a\"}\n"] {
            let root = Array(text.utf8).withUnsafeBytes { chunks.put($0) }
            #expect(throws: RepositoryError.self) { try FileTableReader(root: root, source: chunks) }
        }
        let unsorted = (file("b").line + file("a").line).withUnsafeBytes { chunks.put($0) }
        let root = FileTableRootLine(first: "b", id: unsorted).line.withUnsafeBytes { chunks.put($0) }
        let reader = try FileTableReader(root: root, source: chunks)
        #expect(throws: RepositoryError.self) { try reader.next() }
    }
}
