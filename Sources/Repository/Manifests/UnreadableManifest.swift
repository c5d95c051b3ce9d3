/// A manifest that can't be read: what its name tells of the backup that it was.
package struct UnreadableManifest: Sendable, Equatable {
    /// Its object name.
    package let object: String
    /// The backup's id.
    package let id: BackupID
    /// The digest that its bytes had.
    package let digest: Digest
    /// PostgreSQL's system identifier, in decimal.
    package let cluster: String
    /// Why it can't be read.
    package let reason: String

    /// - Parameters:
    ///   - object: An object's name.
    ///   - reason: Why it can't be read.
    /// - Returns: `nil` when that is no manifest's name.
    package init?(object: String, reason: String) {
        guard ObjectKind(name: object) == .manifest, let parts = ObjectName.manifestParts(object),
            let cluster = ObjectName.cluster(of: object)
        else { return nil }
        self.object = object
        id = parts.id
        digest = parts.digest
        self.cluster = cluster
        self.reason = reason
    }
}
