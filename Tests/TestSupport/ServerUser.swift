package import Glibc

/// The user that a test's server runs as: PostgreSQL refuses to run as root.
package struct ServerUser: Sendable {
    /// The user's name.
    package let name: String
    /// The user's id.
    package let uid: uid_t
    /// The user's group.
    package let gid: gid_t

    /// The user to run servers as: `postgres`, else `nobody`, when the tests run as root; `nil` when they run as an
    /// ordinary user, who runs servers too.
    ///
    /// - Throws: ``TestSupportError`` when root has neither.
    package static func find() throws -> ServerUser? {
        guard geteuid() == 0 else { return nil }
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name) {
                return ServerUser(name: name, uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
            }
        }
        throw TestSupportError("root can't run a PostgreSQL server, and there is no user 'postgres' or 'nobody'")
    }

    /// Gives a file, or a folder with all in it, to this user.
    func own(_ path: String) throws {
        try Program.check("chown", ["-R", "-h", "\(uid):\(gid)", path])
    }
}

extension ServerUser? {
    /// The command that runs `command` as this user.
    func command(_ program: String, _ arguments: [String]) -> (program: String, arguments: [String]) {
        guard let self else { return (program, arguments) }
        let identity = ["--reuid", "\(self.uid)", "--regid", "\(self.gid)", "--clear-groups", "--"]
        return ("setpriv", identity + [program] + arguments)
    }
}
