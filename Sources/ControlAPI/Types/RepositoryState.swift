/// The repository as the daemon sees it; the fields are those of `RepositoryState` in the interface description.
package struct RepositoryState: Codable, Sendable, Hashable {
    package var path: String
    package var id: String?
    package var backups: Int64
    package var storedBytes: Int64?
    package var freeBytes: Int64?
    package var totalBytes: Int64?
    package var error: Failure?

    package init(
        path: String,
        id: String? = nil,
        backups: Int64,
        storedBytes: Int64? = nil,
        freeBytes: Int64? = nil,
        totalBytes: Int64? = nil,
        error: Failure? = nil
    ) {
        self.path = path
        self.id = id
        self.backups = backups
        self.storedBytes = storedBytes
        self.freeBytes = freeBytes
        self.totalBytes = totalBytes
        self.error = error
    }
}
