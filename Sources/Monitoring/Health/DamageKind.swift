/// What kinds of objects verify found damaged or missing: each is mended in another way. In the order of their advice.
package enum DamageKind: String, Sendable, Hashable, CaseIterable, Codable {
    /// Packs and chunks: a backup stores again what its source still has.
    case chunks
    /// History files of timelines: every backup stores them again.
    case history
    /// WAL segments of a backup: the server has them no more.
    case wal
    /// Manifests: nothing else knows what they held.
    case manifest
    /// Indexes and tombstones: made again from what is there.
    case derived
    /// Marks and the repository's description, which nothing else knows either.
    case other

    /// What to do about damage of these kinds, in one line; what to run afterwards included.
    package static func advice(on kinds: Set<DamageKind>) -> String {
        var steps: [String] = []
        if !kinds.isDisjoint(with: [.chunks, .history]) {
            steps.append(
                "run: recyclicctl trigger-backup (it stores damaged pieces again, where the source still has them)"
            )
        }
        if kinds.contains(.wal) {
            steps.append(
                (kinds.isDisjoint(with: [.chunks, .history])
                    ? "run: recyclicctl trigger-backup, for a backup that is whole; " : "")
                    + "a backup's WAL can't be stored again: copy the named objects back from another copy of the "
                    + "repository, or give their backups up: recyclicctl backups delete ID"
            )
        }
        if kinds.contains(.manifest) {
            steps.append(
                "copy the named manifests back from another copy of the repository, "
                    + "or give their backups up: recyclicctl backups delete ID"
            )
        }
        if kinds.contains(.other) {
            steps.append("copy the named objects back from another copy of the repository")
        }
        if kinds.contains(.derived) { steps.append("run: recyclicctl retention apply (it makes indexes again)") }
        steps.append("then run: recyclicctl verify all")
        let text = steps.joined(separator: "; ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
