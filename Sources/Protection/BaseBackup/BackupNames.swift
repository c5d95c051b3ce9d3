import Blocking
import Glibc
import Repository

/// What a new backup is called, and which one comes before it.
struct BackupNames {
    /// The new backup's id.
    let id: BackupID
    /// The file name of the cluster's manifest before, one deleted by a mark included.
    let previousFile: String?
    /// The newest backup of the same series that can be read: the new one most likely resembles it.
    let previousManifest: BackupManifest?

    /// Looks into the repository; waits a second when there is a backup of this second already.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - cluster: The system identifier, in decimal.
    ///   - kind: The new backup's kind.
    ///   - database: Of which database, for a dump.
    ///   - halt: Ends the waiting.
    /// - Throws: ``RepositoryError``; `CancellationError`.
    init(
        repository: Repository,
        cluster: String,
        kind: BackupKind,
        database: String? = nil,
        halt: CancellationFlag
    ) throws {
        let listing = try repository.listing()
        previousFile = try repository.previousManifest(ofCluster: cluster)
        previousManifest = repository.newestManifest(
            ofCluster: cluster,
            kind: kind,
            database: database,
            in: listing
        )
        let taken = Set(listing.all.map(\.id))
        var id = BackupID(startedAt: .now, kind: kind)
        while taken.contains(id) {
            try halt.check()
            usleep(50_000)
            id = BackupID(startedAt: .now, kind: kind)
        }
        self.id = id
    }
}
