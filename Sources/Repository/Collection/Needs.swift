/// Which objects beside packs the existing backups need.
struct Needs {
    /// Object names of the manifests of all existing backups.
    let manifests: [String]
    private let wal: Set<String>
    private let marks: [String: Mark]
    private let liveManifests: Set<Digest>
    private let allManifests: Set<Digest>
    private let previous: Set<Digest>
    /// By the manifest that they name as the one before: all manifests, those of deleted backups too.
    private let successors: [Digest: Set<Digest>]

    /// Reads all manifests.
    ///
    /// - Throws: ``RepositoryError`` `damaged` when one that no mark deleted can't be read or is gone: then it can't be known.
    init(of repository: Repository) throws {
        let listing = try repository.listing()
        for (name, reason) in listing.unreadable.sorted(by: { $0.key < $1.key })
        where ObjectKind(name: name) == .manifest {
            throw RepositoryError(
                .damaged,
                "nothing was removed: what a backup needs can't be known, for \(reason)",
                hint: "Copy '\(name)' back from another copy of the repository, or give that backup up with "
                    + "'recyclicctl backups delete'."
            )
        }
        manifests = listing.backups.map(\.summary.object)
        marks = listing.marks
        liveManifests = Set(listing.backups.compactMap(\.summary.digest))
        allManifests = Set(listing.all.compactMap(\.summary.digest))
            .union(listing.abandoned.compactMap(ObjectName.digest(of:)))
        previous = Set(listing.backups.compactMap { $0.summary.previous.flatMap { ObjectName.digest(of: $0) } })
        var successors: [Digest: Set<Digest>] = [:]
        for summary in listing.all.map(\.summary) {
            guard let before = summary.previous.flatMap({ ObjectName.digest(of: $0) }), let own = summary.digest else {
                continue
            }
            successors[before, default: []].insert(own)
        }
        self.successors = successors
        var wal: Set<String> = []
        for name in manifests { wal.formUnion(try repository.manifest(object: name).walObjectNames) }
        self.wal = wal
    }

    /// Whether an object below `clusters/` is needed. What is not known for what it is counts as needed.
    func needs(_ name: String) -> Bool {
        switch ObjectKind(name: name) {
        case .manifest: ObjectName.digest(of: name).map { isLive($0) } ?? true
        case .wal: wal.contains(name)
        case .mark: needsMark(name)
        default: true
        }
    }

    /// Whether a mark may go once these manifests are gone: a deletion must outlive the manifest it deletes, and those that
    /// name it as the one before, or it would look lost.
    func mayRemoveMark(_ name: String, afterManifests gone: Set<Digest>) -> Bool {
        guard !needsMark(name), let mark = marks[name] else { return false }
        if mark.action == .delete, !successors[mark.manifest, default: []].isSubset(of: gone) { return false }
        return gone.contains(mark.manifest) || !allManifests.contains(mark.manifest)
    }

    private func isLive(_ manifest: Digest) -> Bool {
        liveManifests.contains(manifest)
    }

    /// A deletion is also needed while the next manifest names the deleted one as its predecessor.
    private func needsMark(_ name: String) -> Bool {
        guard let mark = marks[name] else { return true }
        return isLive(mark.manifest) || mark.action == .delete && previous.contains(mark.manifest)
    }
}
