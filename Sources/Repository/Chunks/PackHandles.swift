/// The packs that were read last, kept open.
struct PackHandles {
    private static let limit = 8

    private let store: any ObjectStore
    private var open: [(pack: Digest, object: any ObjectHandle)] = []

    init(_ store: any ObjectStore) {
        self.store = store
    }

    /// The open pack.
    mutating func handle(_ pack: Digest) throws -> any ObjectHandle {
        if let index = open.firstIndex(where: { $0.pack == pack }) {
            let found = open.remove(at: index)
            open.append(found)
            return found.object
        }
        let object = try store.open(ObjectName.pack(pack))
        if open.count == PackHandles.limit { open.removeFirst() }
        open.append((pack, object))
        return object
    }
}
