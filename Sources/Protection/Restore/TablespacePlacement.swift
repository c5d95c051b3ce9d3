/// Where each tablespace of a backup goes: which folder its files lie in, and what its link in `pg_tblspc` says.
///
/// Without a mapping a tablespace goes inside the restored folder, to `recyclic_tablespaces/<oid>`, with a relative link:
/// the folder may then be moved, or mounted anywhere in a container, and nothing outside it is written to. The original
/// location is never used unless a mapping asks for it: another server may live there.
package struct TablespacePlacement: Hashable, Sendable {
    /// The folder, within the data directory, of tablespaces that are not mapped.
    package static let folder = "recyclic_tablespaces"

    /// The tablespace's OID, which names its link.
    package let oid: UInt32
    /// Where it was on the source.
    package let original: String
    /// The absolute folder outside the data directory that it was mapped to; `nil` when it goes inside.
    package let mapped: String?

    /// What the link `pg_tblspc/<oid>` points to.
    package var linkTarget: String {
        mapped ?? "../\(TablespacePlacement.folder)/\(oid)"
    }

    /// Decides for every tablespace.
    ///
    /// - Parameters:
    ///   - tablespaces: OIDs and original locations, as the backup has them.
    ///   - mappings: What the operator asked for.
    ///   - target: The data directory to be, an absolute path.
    /// - Throws: ``RestoreError`` when a mapping fits no tablespace, one tablespace is mapped twice, or folders overlap.
    package static func place(
        _ tablespaces: [(oid: UInt32, original: String)],
        mappings: [TablespaceMapping],
        target: String
    ) throws -> [TablespacePlacement] {
        for mapping in mappings {
            guard tablespaces.contains(where: { mapping.fits(oid: $0.oid, original: $0.original) }) else {
                let known = tablespaces.map { "'\($0.original)' (OID \($0.oid))" }.joined(separator: ", ")
                throw RestoreError(
                    .tablespaceUnknown,
                    "the backup has no tablespace at '\(mapping.old)'",
                    hint: known.isEmpty ? "It has no tablespaces: leave --tablespace out." : "It has: \(known)."
                )
            }
        }
        let placements = try tablespaces.map { tablespace in
            let fitting = mappings.filter { $0.fits(oid: tablespace.oid, original: tablespace.original) }
            guard fitting.count <= 1 else {
                throw RestoreError(
                    .tablespaceInvalid,
                    "the tablespace '\(tablespace.original)' is mapped \(fitting.count) times",
                    hint: "Leave all but one --tablespace out."
                )
            }
            return TablespacePlacement(oid: tablespace.oid, original: tablespace.original, mapped: fitting.first?.new)
        }
        try refuseOverlaps(of: placements.compactMap(\.mapped), target: target)
        return placements.sorted { $0.oid < $1.oid }
    }

    private static func refuseOverlaps(of folders: [String], target: String) throws {
        for (position, folder) in folders.enumerated() {
            let others = folders[(position + 1)...] + [target]
            if let other = others.first(where: { isWithin($0, folder) || isWithin(folder, $0) }) {
                throw RestoreError(
                    .tablespaceInvalid,
                    "the folders '\(folder)' and '\(other)' lie in one another",
                    hint: "Give every tablespace a folder of its own, outside the data directory."
                )
            }
        }
    }

    private static func isWithin(_ inner: String, _ outer: String) -> Bool {
        inner == outer || inner.hasPrefix(outer + "/")
    }
}

extension TablespaceMapping {
    fileprivate func fits(oid: UInt32, original: String) -> Bool {
        old == original || UInt32(old) == oid
    }
}
