import Glibc
import Testing

@testable import Repository

/// What every ``ObjectStore`` must do.
struct ObjectStoreConformance {
    let store: any ObjectStore

    func run() throws {
        try missingObjects()
        try putAndRead()
        try putFile()
        try immutability()
        try listing()
        try deletion()
    }

    private func missingObjects() throws {
        #expect(try !store.exists("index/none"))
        #expect(throws: RepositoryError.self) { try store.open("index/none") }
        expectNotFound { _ = try store.size(of: "index/none") }
        expectNotFound { _ = try store.get("packs/aa/none") }
        try store.delete("packs/aa/none")
    }

    private func putAndRead() throws {
        let bytes = Array("0123456789".utf8)
        try store.put(bytes: bytes, as: "packs/ab/one")
        #expect(try store.get("packs/ab/one") == bytes)
        #expect(try store.size(of: "packs/ab/one") == 10)
        #expect(try store.exists("packs/ab/one"))
        let handle = try store.open("packs/ab/one")
        #expect(handle.name == "packs/ab/one" && handle.size == 10)
        for (offset, count, expected) in [(0, 4, "0123"), (8, 4, "89"), (10, 4, ""), (3, 0, "")] {
            var buffer = [UInt8](repeating: 0, count: count)
            let read = try buffer.withUnsafeMutableBytes { try handle.read(at: Int64(offset), into: $0) }
            #expect(String(decoding: buffer.prefix(read), as: UTF8.self) == expected)
        }
        #expect(throws: RepositoryError.self) { try store.get("packs/ab/one", limit: 9) }
    }

    private func putFile() throws {
        let file = try store.makeTemporary()
        let other = try store.makeTemporary()
        #expect(file != other)
        try writeFile(file, [1, 2, 3])
        try store.put(file: file, as: "index/two")
        #expect(try store.get("index/two") == [1, 2, 3])
        #expect(access(file, F_OK) != 0, "the temporary file is gone")
        unlink(other)
    }

    private func immutability() throws {
        try store.put(bytes: [9, 9, 9], as: "index/two")
        #expect(try store.get("index/two") == [1, 2, 3])
        let error = #expect(throws: RepositoryError.self) { try store.put(bytes: [1], as: "index/two") }
        #expect(error?.kind == .alreadyExists)
        let file = try store.makeTemporary()
        try writeFile(file, [7, 7, 7])
        try store.put(file: file, as: "index/two")
        #expect(try store.get("index/two") == [1, 2, 3])
        #expect(access(file, F_OK) != 0)
    }

    private func listing() throws {
        try store.put(bytes: [1], as: "clusters/7/backups/x")
        try store.put(bytes: [1, 2], as: "clusters/7/wal/a/y")
        #expect(try store.names("clusters/") == ["clusters/7/backups/x", "clusters/7/wal/a/y"])
        #expect(try store.names("clusters/7/wal/") == ["clusters/7/wal/a/y"])
        #expect(try store.names("tombstones/") == [])
        var sizes: [String: Int64] = [:]
        try store.list("") { sizes[$0.name] = $0.size }
        #expect(sizes["clusters/7/wal/a/y"] == 2 && sizes["packs/ab/one"] == 10)
        #expect(!sizes.keys.contains { $0.hasPrefix("tmp") })
        #expect(throws: CancellationError.self) { try store.list("") { _ in throw CancellationError() } }
    }

    private func deletion() throws {
        try store.delete("index/two")
        #expect(try !store.exists("index/two"))
        try store.delete("index/two")
    }

    private func expectNotFound(_ body: () throws -> Void) {
        let error = #expect(throws: RepositoryError.self) { try body() }
        #expect(error?.kind == .notFound)
    }
}
