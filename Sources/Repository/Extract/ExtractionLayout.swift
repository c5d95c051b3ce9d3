package import Glibc

/// Where the entries of a file table go on disk.
///
/// Paths of a table are relative and never hold `..`; one that does is an error, so that no table can make anything be
/// written outside the folders named here.
package struct ExtractionLayout: Sendable {
    /// Entries below a path that go elsewhere: a tablespace's.
    package struct Redirection: Sendable, Hashable {
        /// The path in the table: `pg_tblspc/16384`.
        package var path: String
        /// The absolute folder that takes its place; it exists.
        package var folder: String
        /// What the link that stays at `path` points to.
        package var linkTarget: String

        package init(path: String, folder: String, linkTarget: String) {
            self.path = path
            self.folder = folder
            self.linkTarget = linkTarget
        }
    }

    /// Whom files, folders and links are given to.
    package struct Owner: Sendable, Hashable {
        /// The user's id.
        package var uid: uid_t
        /// The group's id.
        package var gid: gid_t

        package init(uid: uid_t, gid: gid_t) {
            self.uid = uid
            self.gid = gid
        }
    }

    /// The folder that stands for the data directory; it exists and is empty.
    package var root: String
    /// What goes elsewhere.
    package var redirections: [Redirection]
    /// Folders of the table that are left out with all below them.
    package var omitted: [String]
    /// Whom everything is given to; `nil` leaves it to the process's user.
    package var owner: Owner?

    package init(root: String, redirections: [Redirection] = [], omitted: [String] = [], owner: Owner? = nil) {
        self.root = root
        self.redirections = redirections
        self.omitted = omitted
        self.owner = owner
    }

    /// What becomes of one path of the table. Paths on disk are bytes: they need not be UTF-8.
    enum Place: Equatable {
        /// It goes to this absolute path.
        case path([UInt8])
        /// It is the link of a redirection: it goes to `path` and points to `target`.
        case link(path: [UInt8], target: String)
        /// It is left out.
        case omitted
    }

    /// Decides on one entry.
    ///
    /// - Throws: ``RepositoryError`` `damaged` when its path is not one that a table may hold.
    func place(_ entry: FileTableEntry) throws -> Place {
        guard entry.hasSafePath else {
            throw RepositoryError(
                .damaged,
                "the file table names '\(entry.path)', which is no path below a data directory"
            )
        }
        let path = entry.pathBytes
        if omitted.contains(where: { isBelow(path, $0) }) { return .omitted }
        if let redirection = redirections.first(where: { isBelow(path, $0.path) }) {
            let rest = path.dropFirst(redirection.path.utf8.count)
            if rest.isEmpty { return .link(path: below(root, path), target: redirection.linkTarget) }
            return .path(Array(redirection.folder.utf8) + rest)
        }
        return .path(below(root, path))
    }

    private func below(_ folder: String, _ path: [UInt8]) -> [UInt8] {
        Array(folder.utf8) + [UInt8(ascii: "/")] + path
    }

    private func isBelow(_ path: [UInt8], _ folder: String) -> Bool {
        guard path.starts(with: folder.utf8) else { return false }
        let rest = path.dropFirst(folder.utf8.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/")
    }
}
