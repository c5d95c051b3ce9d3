/// The names of a repository's objects, made and taken apart.
package enum ObjectName {
    /// The description of the repository: the one file whose name holds no digest.
    package static let repository = "recyclic-repository.json"

    /// Where packs lie.
    package static let packs = "packs/"
    /// Where indexes lie.
    package static let indexes = "index/"
    /// Where the clusters' folders lie.
    package static let clusters = "clusters/"
    /// Where tombstones lie.
    package static let tombstones = "tombstones/"

    /// The name of a pack.
    package static func pack(_ digest: Digest) -> String {
        let hex = digest.hex
        return "packs/\(hex.prefix(2))/\(hex)"
    }

    /// The name of an index.
    package static func index(_ digest: Digest) -> String {
        "index/\(digest.hex)"
    }

    /// The name of a tombstone made at `time`.
    package static func tombstone(at time: UTCTime, _ digest: Digest) -> String {
        "tombstones/\(time.stamp)-\(digest.hex)"
    }

    /// A cluster's folder, with a slash at the end.
    ///
    /// - Parameter cluster: PostgreSQL's system identifier, in decimal.
    package static func folder(ofCluster cluster: String) -> String {
        "clusters/\(cluster)/"
    }

    /// Where a cluster's manifests lie.
    package static func manifests(ofCluster cluster: String) -> String {
        "clusters/\(cluster)/backups/"
    }

    /// Where a cluster's marks lie.
    package static func marks(ofCluster cluster: String) -> String {
        "clusters/\(cluster)/marks/"
    }

    /// Where a cluster's WAL objects lie.
    package static func wal(ofCluster cluster: String) -> String {
        "clusters/\(cluster)/wal/"
    }

    /// The name of a manifest.
    package static func manifest(cluster: String, id: BackupID, _ digest: Digest) -> String {
        "\(manifests(ofCluster: cluster))\(id)-\(digest.hex)"
    }

    /// The name of a mark made at `time`.
    package static func mark(cluster: String, at time: UTCTime, _ digest: Digest) -> String {
        "\(marks(ofCluster: cluster))\(time.stamp)-\(digest.hex)"
    }

    /// The name of a WAL object.
    ///
    /// - Parameters:
    ///   - cluster: PostgreSQL's system identifier, in decimal.
    ///   - timeline: The timeline's number.
    ///   - history: The bytes of the timeline's history file; empty for a timeline without one.
    ///   - file: The WAL file's name: a segment, or `<timeline>.history`.
    ///   - digest: The SHA-256 of the object's (compressed) bytes.
    package static func wal(
        cluster: String,
        timeline: UInt32,
        history: [UInt8],
        file: String,
        _ digest: Digest
    ) -> String {
        let past = history.withUnsafeBytes { Digest(hashing: $0) }.hex.prefix(8)
        let number = String(timeline, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: 8 - number.count) + number
        return "\(wal(ofCluster: cluster))\(padded)-\(past)/\(file)-\(digest.hex)"
    }

    /// The digest that a name ends in; `nil` for a name that holds none.
    package static func digest(of name: some StringProtocol) -> Digest? {
        let hex = name.suffix(64)
        guard hex.utf8.count == 64 else { return nil }
        if hex.startIndex > name.startIndex {
            let before = name[name.index(before: hex.startIndex)]
            guard before == "-" || before == "/" else { return nil }
        }
        return Digest(hex: String(hex))
    }

    /// The backup id and digest of a manifest's name or file name; `nil` for anything else.
    package static func manifestParts(_ name: some StringProtocol) -> (id: BackupID, digest: Digest)? {
        let file = file(of: name)
        guard let digest = digest(of: file), let id = BackupID(file.dropLast(65)) else { return nil }
        return (id, digest)
    }

    /// The system identifier in a name below `clusters/`; `nil` for other names.
    package static func cluster(of name: some StringProtocol) -> String? {
        let parts = String(name).split(separator: "/")
        guard parts.count > 2, parts[0] == "clusters" else { return nil }
        return String(parts[1])
    }

    /// The last part of a name.
    package static func file(of name: some StringProtocol) -> String {
        String(name).split(separator: "/").last.map(String.init) ?? ""
    }
}

/// What an object is, by the folder it lies in.
package enum ObjectKind: String, Sendable, CaseIterable {
    case repository, pack, index, manifest, mark, wal, tombstone, unknown

    /// - Parameter name: An object's name; a name of no known form is `unknown`.
    package init(name: some StringProtocol) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let hasDigest = ObjectName.digest(of: name) != nil
        switch (parts.first ?? "", parts.count) {
        case ("recyclic-repository.json", 1): self = .repository
        case ("packs", 3) where hasDigest && parts[2].prefix(2) == parts[1]: self = .pack
        case ("index", 2) where hasDigest: self = .index
        case ("tombstones", 2) where hasDigest: self = .tombstone
        case ("clusters", 4) where parts[2] == "backups" && ObjectName.manifestParts(name) != nil: self = .manifest
        case ("clusters", 4) where parts[2] == "marks" && hasDigest: self = .mark
        case ("clusters", 5) where parts[2] == "wal" && hasDigest: self = .wal
        default: self = .unknown
        }
    }
}
