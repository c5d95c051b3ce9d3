import Blocking
import Glibc
import Repository

/// What a new backup is called, and which one comes before it.
struct BackupNames {
    /// The new backup's id.
    let id: BackupID
    /// The file name of the cluster's manifest before, one deleted by a mark included.
    let previousFile: String?
    /// The newest backup of the cluster that can be read: the new one most likely resembles it.
    let previousManifest: BackupManifest?

    /// Looks into the repository; waits a second when there is a backup of this second already.
    ///
    /// - Throws: ``RepositoryError``; `CancellationError`.
    init(repository: Repository, cluster: String, halt: CancellationFlag) throws {
        let listing = try repository.listing()
        previousFile = try repository.previousManifest(ofCluster: cluster)
        // The digest in a manifest's name is checked as it is read, so a damaged one is passed over.
        previousManifest =
            listing.backups.reversed().lazy
            .filter { $0.summary.cluster == cluster }
            .compactMap { try? repository.manifest(object: $0.summary.object) }
            .first
        let taken = Set(listing.all.map(\.id))
        var id = BackupID(startedAt: .now, kind: .base)
        while taken.contains(id) {
            try halt.check()
            usleep(50_000)
            id = BackupID(startedAt: .now, kind: .base)
        }
        self.id = id
    }
}
