import CLinux
import Glibc
import Repository

/// Folders of the local file system, as restoring and drilling need them. Errors are ``RepositoryError``s.
enum Folders {
    /// What lies at a path, links not followed.
    enum Contents: Equatable {
        case absent
        case empty
        case filled
        case notAFolder
    }

    /// Looks at a path.
    static func contents(of path: String) throws -> Contents {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return .absent }
            throw RepositoryError(errno: errno, "look at", path: path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return .notAFolder }
        return try names(in: path).isEmpty ? .empty : .filled
    }

    /// The names in a folder, without `.` and `..`, unsorted.
    static func names(in path: String) throws -> [String] {
        guard let stream = opendir(path) else { throw RepositoryError(errno: errno, "list", path: path) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes a folder, and gives it to `owner`; its parent exists.
    static func make(_ path: String, mode: mode_t = 0o700, owner: ExtractionLayout.Owner? = nil) throws {
        guard mkdir(path, mode) == 0 else { throw RepositoryError(errno: errno, "make the folder", path: path) }
        guard let owner else { return }
        guard lchown(path, owner.uid, owner.gid) == 0 else {
            throw RepositoryError(errno: errno, "change the owner of", path: path)
        }
    }

    /// Makes the folders of a path that are missing, with mode 0755.
    ///
    /// - Returns: Those it made, outermost first.
    @discardableResult
    static func makeParents(_ path: String, mode: mode_t = 0o755) throws -> [String] {
        var made: [String] = []
        var folder = ""
        for part in path.split(separator: "/") {
            folder += "/\(part)"
            if mkdir(folder, mode) == 0 {
                made.append(folder)
            } else if errno != EEXIST {
                throw RepositoryError(errno: errno, "make the folder", path: folder)
            }
        }
        return made
    }

    /// The folder that a path lies in.
    static func parent(of path: String) -> String {
        let parts = path.split(separator: "/").dropLast()
        return "/" + parts.joined(separator: "/")
    }

    /// The path, or the nearest folder above it that exists.
    static func nearestExisting(_ path: String) -> String {
        var path = path
        while path != "/", access(path, F_OK) != 0 { path = parent(of: path) }
        return path
    }

    /// Removes a file, or a folder with all in it; links are removed, not followed. Nothing there is no error.
    ///
    /// - Throws: The first thing that could not be removed; the rest is removed all the same.
    static func remove(_ path: String) throws {
        var failure: (any Error)?
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            do {
                for name in try names(in: path) {
                    do { try remove("\(path)/\(name)") } catch { failure = failure ?? error }
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard Glibc.remove(path) == 0 || errno == ENOENT else {
            throw RepositoryError(errno: errno, "remove", path: path)
        }
    }

    /// Makes everything that was written to the file system of `path` durable (syncfs(2)).
    static func syncFileSystem(of path: String) throws {
        let folder = try OpenFile.open(path, O_RDONLY | O_DIRECTORY)
        guard linux_sync_file_system(folder.number) == 0 else {
            throw RepositoryError(errno: errno, "sync the disk of", path: path)
        }
    }

    /// Makes a folder's list of names durable.
    static func sync(_ path: String) throws {
        try OpenFile.open(path, O_RDONLY | O_DIRECTORY).sync()
    }

    /// Free space for this process on the file system of an existing path, in bytes.
    static func freeBytes(at path: String) throws -> Int64 {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw RepositoryError(errno: errno, "look at", path: path) }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }

    /// Writes a small file that must not exist yet, and gives it to `owner`.
    static func write(_ text: String, to path: String, owner: ExtractionLayout.Owner?) throws {
        let file = try OpenFile.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        guard let owner else { return }
        guard fchown(file.number, owner.uid, owner.gid) == 0 else {
            throw RepositoryError(errno: errno, "change the owner of", path: path)
        }
    }

    /// Whether what is there is mounted read-only for this process, whatever its owner and mode say.
    static func isOnReadOnlyMount(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && status.f_flag & UInt(ST_RDONLY) != 0
    }

    /// A small file's text; `nil` when there is none. Files of /proc, which claim to be empty, are read too.
    static func text(of path: String, limit: Int = 8 << 20) throws -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        let file = try OpenFile.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < limit {
            let count = try buffer.withUnsafeMutableBytes { try file.read(at: Int64(bytes.count), into: $0) }
            bytes += buffer[..<count]
            if count < buffer.count { break }
        }
        return String(decoding: bytes.prefix(limit), as: UTF8.self)
    }
}
