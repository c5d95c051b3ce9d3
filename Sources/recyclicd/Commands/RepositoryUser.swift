import Glibc
import Repository

/// The user that a repository belongs to.
enum RepositoryUser {
    /// Makes root become that user, for good, with that user's home folder as `HOME`; does nothing for anybody else.
    ///
    /// - Throws: ``RepositoryError``.
    static func become(ownerOf path: String) throws {
        guard geteuid() == 0 else { return }
        var status = stat()
        guard stat(path, &status) == 0 else { throw RepositoryError(errno: errno, "open", path: path) }
        guard status.st_uid != 0 else { return }
        let entry = getpwuid(status.st_uid)?.pointee
        let name = entry.map { String(cString: $0.pw_name) }
        let home = entry.map { String(cString: $0.pw_dir) }
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
        // libpq looks there for certificates, its programs do too, and nobody else may enter root's: then it does without TLS, or
        // without a connection.
        if let home { setenv("HOME", home, 1) } else { unsetenv("HOME") }
    }
}
