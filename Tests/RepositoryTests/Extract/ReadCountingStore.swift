import Synchronization

@testable import Repository

/// A store that notes which bytes of packs are read.
final class ReadCountingStore: ObjectStore {
    private let store: any ObjectStore
    private let reads = Mutex<[String: [Range<Int64>]]>([:])

    init(_ store: any ObjectStore) {
        self.store = store
    }

    /// What was read of each object, in order.
    var ranges: [String: [Range<Int64>]] { reads.withLock { $0 } }

    func put(file: String, as name: String) throws { try store.put(file: file, as: name) }
    func put(bytes: [UInt8], as name: String) throws { try store.put(bytes: bytes, as: name) }
    func list(_ prefix: String, _ body: (ListedObject) throws -> Void) throws { try store.list(prefix, body) }
    func size(of name: String) throws -> Int64 { try store.size(of: name) }
    func delete(_ name: String) throws { try store.delete(name) }
    func makeTemporary() throws -> String { try store.makeTemporary() }

    func open(_ name: String) throws -> any ObjectHandle {
        Handle(try store.open(name)) { [self] range in
            reads.withLock { $0[name, default: []].append(range) }
        }
    }

    private final class Handle: ObjectHandle {
        private let handle: any ObjectHandle
        private let note: @Sendable (Range<Int64>) -> Void

        init(_ handle: any ObjectHandle, note: @escaping @Sendable (Range<Int64>) -> Void) {
            self.handle = handle
            self.note = note
        }

        var name: String { handle.name }
        var size: Int64 { handle.size }

        func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            let count = try handle.read(at: offset, into: buffer)
            note(offset..<offset + Int64(count))
            return count
        }
    }
}
