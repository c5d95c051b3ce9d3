import Glibc
package import Repository

/// The user who will own a restored data directory.
package struct RestoreOwner: Sendable, Hashable {
    /// The user's name, or the number of one without a name.
    package let name: String
    /// The user's and the group's id.
    package let ids: ExtractionLayout.Owner

    package init(name: String, ids: ExtractionLayout.Owner) {
        self.name = name
        self.ids = ids
    }

    /// Decides who it is.
    ///
    /// - Parameter asked: A user's name or number; `nil` is `postgres` for root, and oneself for anybody else.
    /// - Throws: ``RestoreError``: `ownerUnknown`, `ownerForbidden`.
    package static func resolve(_ asked: String?) throws -> RestoreOwner {
        let isRoot = geteuid() == 0
        guard let asked else {
            guard isRoot else { return oneself }
            guard let postgres = find("postgres") else {
                throw RestoreError(
                    .ownerUnknown,
                    "there is no user 'postgres' on this machine to own the restored files",
                    hint: "Name the user that will run the server: --owner USER (a number will do)."
                )
            }
            return postgres
        }
        guard let owner = find(asked) else {
            throw RestoreError(
                .ownerUnknown,
                "there is no user '\(asked)'",
                hint: "Name an existing user, or the number of one: --owner USER."
            )
        }
        guard isRoot || owner.ids.uid == geteuid() else {
            throw RestoreError(
                .ownerForbidden,
                "only root can restore files for the user '\(asked)'",
                hint: "Run this with sudo, or leave --owner out."
            )
        }
        return isRoot ? owner : oneself
    }

    private static var oneself: RestoreOwner {
        let uid = geteuid()
        let name = getpwuid(uid).map { String(cString: $0.pointee.pw_name) } ?? "\(uid)"
        return RestoreOwner(name: name, ids: .init(uid: uid, gid: getegid()))
    }

    private static func find(_ name: String) -> RestoreOwner? {
        if let entry = getpwnam(name) {
            return RestoreOwner(name: name, ids: .init(uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid))
        }
        // A container's user need not exist on the host.
        guard let number = uid_t(name) else { return nil }
        if let entry = getpwuid(number) {
            let known = String(cString: entry.pointee.pw_name)
            return RestoreOwner(name: known, ids: .init(uid: number, gid: entry.pointee.pw_gid))
        }
        return RestoreOwner(name: name, ids: .init(uid: number, gid: number))
    }
}
