import Foundation
import TestSupport

@testable import Repository

/// Reads a whole file.
func readFile(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// Writes a whole file.
func writeFile(_ path: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// A store in a new folder, removed with this value.
struct ScratchStore: ~Copyable {
    let folder: TemporaryDirectory
    let store: LocalObjectStore

    init() throws {
        folder = try TemporaryDirectory()
        store = LocalObjectStore(root: folder.path)
    }

    deinit {
        folder.remove()
    }
}

/// A chunk for tests.
struct TestChunk {
    let id: ChunkID
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        id = Digest(hashing: bytes)
        self.bytes = bytes
    }
}

extension PackWriter {
    /// Adds a whole chunk.
    func append(_ chunk: TestChunk, with encoder: FrameEncoder) throws {
        try encoder.frame(chunk.bytes).withUnsafeBytes {
            try append($0, id: chunk.id, rawBytes: chunk.bytes.count)
        }
    }

    /// Adds a chunk as a delta.
    func append(_ chunk: TestChunk, base: TestChunk, depth: UInt8, with encoder: FrameEncoder) throws {
        try encoder.frame(chunk.bytes, base: base.bytes).withUnsafeBytes {
            try append($0, id: chunk.id, rawBytes: chunk.bytes.count, base: base.id, depth: depth)
        }
    }
}
