import Glibc
import Synchronization

@testable import Repository

/// A store that fails as asked: at single objects, or for good from some change on, as a killed process does.
final class FaultInjectingStore: ObjectStore {
    private struct State {
        var changesLeft: Int?
        var changes = 0
        var broken: [String: RepositoryError] = [:]
        var full: String?
        var bringsSpace: String?
    }

    private let store: any ObjectStore
    private let state: Mutex<State>

    /// - Parameters:
    ///   - store: The store that does the work.
    ///   - changes: How many objects may be put or deleted before everything is refused; `nil` for any number.
    init(_ store: any ObjectStore, dyingAfter changes: Int? = nil) {
        self.store = store
        state = Mutex(State(changesLeft: changes))
    }

    /// How many objects were put or deleted.
    var changes: Int { state.withLock { $0.changes } }

    /// From now on this object can't be opened.
    func fail(_ name: String, with error: RepositoryError) {
        state.withLock { $0.broken[name] = error }
    }

    /// From now on there is no space for objects whose names begin so; where given, until an object whose name begins with
    /// `bringer` is removed.
    func fillDisk(for prefix: String, untilRemovalOf bringer: String? = nil) {
        state.withLock {
            $0.full = prefix
            $0.bringsSpace = bringer
        }
    }

    func put(file: String, as name: String) throws {
        try checkRoom(for: name)
        try change()
        try store.put(file: file, as: name)
    }

    func put(bytes: [UInt8], as name: String) throws {
        try checkRoom(for: name)
        try change()
        try store.put(bytes: bytes, as: name)
    }

    func open(_ name: String) throws -> any ObjectHandle {
        try look()
        if let error = state.withLock({ $0.broken[name] }) { throw error }
        return try store.open(name)
    }

    func list(_ prefix: String, _ body: (ListedObject) throws -> Void) throws {
        try look()
        try store.list(prefix, body)
    }

    func size(of name: String) throws -> Int64 {
        try look()
        return try store.size(of: name)
    }

    func delete(_ name: String) throws {
        try change()
        try store.delete(name)
        state.withLock { state in
            if let bringer = state.bringsSpace, name.hasPrefix(bringer) { state.full = nil }
        }
    }

    func makeTemporary() throws -> String {
        try look()
        return try store.makeTemporary()
    }

    private func checkRoom(for name: String) throws {
        guard let full = state.withLock({ $0.full }), name.hasPrefix(full) else { return }
        throw RepositoryError(errno: ENOSPC, "write", path: name)
    }

    private func look() throws {
        try state.withLock { state in
            if state.changesLeft == -1 { throw Self.dead }
        }
    }

    private func change() throws {
        try state.withLock { state in
            if let left = state.changesLeft {
                guard left > 0 else {
                    state.changesLeft = -1
                    throw Self.dead
                }
                state.changesLeft = left - 1
            }
            state.changes += 1
        }
    }

    private static let dead = RepositoryError(.inputOutput, "the process is dead")
}
