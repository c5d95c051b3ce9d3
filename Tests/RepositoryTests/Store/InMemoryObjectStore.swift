import Glibc
import Synchronization
import TestSupport

@testable import Repository

/// The twin of ``LocalObjectStore`` without a disk: the conformance suite holds them to the same behaviour.
final class InMemoryObjectStore: ObjectStore {
    private let objects = Mutex<[String: [UInt8]]>([:])
    private let counter = Mutex(0)
    private let scratch: TemporaryDirectory

    init() throws {
        scratch = try TemporaryDirectory()
    }

    func put(file: String, as name: String) throws {
        try put(bytes: readFile(file), as: name)
        unlink(file)
    }

    func put(bytes: [UInt8], as name: String) throws {
        try objects.withLock { objects in
            if let known = objects[name], known.count != bytes.count {
                throw RepositoryError(.alreadyExists, "object '\(name)' exists with another size")
            }
            if objects[name] == nil { objects[name] = bytes }
        }
    }

    func open(_ name: String) throws -> any ObjectHandle {
        BytesObject(name: name, bytes: try bytes(name))
    }

    func list(_ prefix: String, _ body: (ListedObject) throws -> Void) throws {
        let found = objects.withLock { $0.filter { $0.key.hasPrefix(prefix) } }
        for (name, bytes) in found { try body(ListedObject(name: name, size: Int64(bytes.count))) }
    }

    func size(of name: String) throws -> Int64 {
        Int64(try bytes(name).count)
    }

    func delete(_ name: String) throws {
        objects.withLock { $0[name] = nil }
    }

    func makeTemporary() throws -> String {
        let number = counter.withLock {
            $0 += 1
            return $0
        }
        let path = scratch.path("t\(number)")
        try writeFile(path, [])
        return path
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        guard let bytes = objects.withLock({ $0[name] }) else {
            throw RepositoryError(.notFound, "object '\(name)' is not there")
        }
        return bytes
    }
}

private final class BytesObject: ObjectHandle {
    let name: String
    let size: Int64
    private let bytes: [UInt8]

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        size = Int64(bytes.count)
    }

    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let part = bytes.dropFirst(Int(offset)).prefix(buffer.count)
        buffer.copyBytes(from: part)
        return part.count
    }
}
