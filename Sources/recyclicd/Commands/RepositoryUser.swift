import Glibc
import Repository

/// The user that a repository belongs to.
enum RepositoryUser {
    /// Makes root become that user, for good; does nothing for anybody else.
    ///
    /// - Throws: ``RepositoryError``.
    static func become(ownerOf path: String) throws {
        guard geteuid() == 0 else { return }
        var status = stat()
        guard stat(path, &status) == 0 else { throw RepositoryError(errno: errno, "open", path: path) }
        guard status.st_uid != 0 else { return }
        let name = getpwuid(status.st_uid).map { String(cString: $0.pointee.pw_name) }
        var group = status.st_gid
        let hasGroups: Int32
        if let name {
            hasGroups = initgroups(name, status.st_gid)
        } else {
            hasGroups = setgroups(1, &group)
        }
        guard hasGroups == 0, setgid(status.st_gid) == 0, setuid(status.st_uid) == 0 else {
            throw RepositoryError(errno: errno, "become the owner of", path: path)
        }
    }
}
