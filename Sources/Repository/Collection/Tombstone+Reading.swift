extension Tombstone {
    /// Reads all tombstones.
    ///
    /// - Returns: The sound ones by name, and the names of the others: what those named is found again.
    static func readAll(in repository: Repository) throws -> (sound: [String: Tombstone], broken: [String]) {
        var sound: [String: Tombstone] = [:]
        var broken: [String] = []
        for name in try repository.store.names(ObjectName.tombstones) where ObjectKind(name: name) == .tombstone {
            do {
                sound[name] = try RepositoryJSON.decode(Tombstone.self, repository.getChecked(name), name: name)
            } catch let error as RepositoryError where error.kind == .damaged {
                broken.append(name)
            }
        }
        return (sound, broken)
    }
}
