import Glibc
import Synchronization

@testable import Repository

/// A store on a disk with room for so many objects; the next one gets what a full disk answers.
final class FullDiskStore: ObjectStore {
    private let store: any ObjectStore
    private let room: Mutex<Int>

    init(_ store: any ObjectStore, room: Int) {
        self.store = store
        self.room = Mutex(room)
    }

    func put(file: String, as name: String) throws {
        try take(name)
        try store.put(file: file, as: name)
    }

    func put(bytes: [UInt8], as name: String) throws {
        try take(name)
        try store.put(bytes: bytes, as: name)
    }

    func open(_ name: String) throws -> any ObjectHandle { try store.open(name) }

    func list(_ prefix: String, _ body: (ListedObject) throws -> Void) throws { try store.list(prefix, body) }

    func size(of name: String) throws -> Int64 { try store.size(of: name) }

    func delete(_ name: String) throws { try store.delete(name) }

    func makeTemporary() throws -> String { try store.makeTemporary() }

    private func take(_ name: String) throws {
        try room.withLock { room in
            guard room > 0 else { throw RepositoryError(errno: ENOSPC, "write", path: name) }
            room -= 1
        }
    }
}
