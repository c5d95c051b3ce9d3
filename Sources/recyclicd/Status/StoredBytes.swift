import Repository

extension Repository {
    /// The bytes of all packs and WAL objects: what the repository takes on its disk, its small files aside.
    func storedBytes() throws -> Int64 {
        var bytes: Int64 = 0
        for prefix in [ObjectName.packs, ObjectName.clusters] {
            try store.list(prefix) { bytes += $0.size }
        }
        return bytes
    }
}
