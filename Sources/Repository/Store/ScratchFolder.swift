import CLinux
import Glibc

/// A folder for temporary files, removed with all it holds when the last reference goes.
///
/// A lock in it, held as long as the object lives, tells it from one that a killed process left. What the lock says tells it
/// from a folder of the user's that happens to have such a name.
final class ScratchFolder: Sendable {
    private static let prefix = "recyclic-scratch-"
    /// mkdtemp(3) puts as many random characters after the prefix.
    private static let suffixLength = 6
    private static let lockContent = Array("recyclicd removes this folder with all that it holds\n".utf8)

    /// Its path.
    let path: String
    private let lock: OpenFile

    /// - Parameter parent: An existing folder on a disk with room.
    /// - Throws: ``RepositoryError``.
    init(in parent: String) throws {
        while true {
            let folder = try Self.makeFolder(in: parent)
            // Whoever sweeps may have come between the folder's making and its locking; then it is theirs.
            guard let lock = try Self.lock(folder, O_RDWR | O_CREAT | O_EXCL) else { continue }
            self.lock = lock
            path = folder
            try Self.lockContent.withUnsafeBytes { try lock.write($0) }
            return
        }
    }

    /// Removes the folders of our user's dead processes.
    ///
    /// - Parameters:
    ///   - parent: Where they were made. What can't be listed or removed stays.
    ///   - unlockedSeconds: After how many seconds a folder with nothing in it is taken for left too: someone may be just about
    ///     to make its lock or to remove it, or have died doing so.
    /// - Returns: How many were removed.
    static func removeStale(in parent: String, unlockedSeconds: Int) -> Int {
        let names = names(in: parent) ?? []
        return names.filter { name in
            guard name.hasPrefix(prefix), name.utf8.count == prefix.utf8.count + suffixLength else { return false }
            let folder = "\(parent)/\(name)"
            return isOurs(folder) && removeIfLeft(folder, unlockedSeconds)
        }.count
    }

    /// Others may put what they like into `/tmp`, so only a folder that our user made is touched.
    private static func isOurs(_ folder: String) -> Bool {
        var status = stat()
        return lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
    }

    private static func removeIfLeft(_ folder: String, _ unlockedSeconds: Int) -> Bool {
        var status = stat()
        guard stat(folder, &status) == 0 else { return false }
        guard let lock = try? lock(folder, O_RDWR) else {
            let age = time(nil) - status.st_mtim.tv_sec
            // Succeeds on an empty folder alone.
            return age >= unlockedSeconds && rmdir(folder) == 0
        }
        guard let content = content(of: lock) else { return false }
        // Killed between the making of the lock and the writing of it, a process had nothing else there.
        guard content == lockContent || content.isEmpty && names(in: folder) == ["lock"] else { return false }
        remove(folder, holding: lock)
        return access(folder, F_OK) != 0
    }

    private static func content(of lock: OpenFile) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: lockContent.count + 1)
        guard let count = try? bytes.withUnsafeMutableBytes({ try lock.read(at: 0, into: $0) }) else { return nil }
        return Array(bytes.prefix(count))
    }

    /// The lock goes last: as long as anything is left, it tells whose folder this is.
    private static func remove(_ folder: String, holding lock: OpenFile) {
        for name in names(in: folder) ?? [] where name != "lock" { removeTree("\(folder)/\(name)") }
        guard names(in: folder) == ["lock"] else { return }
        unlink(lock.path)
        rmdir(folder)
    }

    /// - Returns: `nil` when another process holds the lock, or has removed the folder.
    private static func lock(_ folder: String, _ flags: Int32) throws -> OpenFile? {
        do {
            let file = try OpenFile.open("\(folder)/lock", flags | O_NOFOLLOW | O_NONBLOCK)
            var status = stat()
            guard linux_lock_range(file.number, Int32(F_WRLCK), 0, 1, 0) == 0, fstat(file.number, &status) == 0 else {
                return nil
            }
            return status.st_nlink > 0 ? file : nil
        } catch let error as RepositoryError where error.kind == .notFound {
            return nil
        }
    }

    private static func makeFolder(in parent: String) throws -> String {
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard made else { throw RepositoryError(errno: errno, "make a folder in", path: parent) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        Self.remove(path, holding: lock)
    }

    /// The folder as an object store, for indexes that only one piece of work needs.
    var store: LocalObjectStore { LocalObjectStore(root: path) }
}

/// Removes a file, or a folder with all it holds; links are removed, not followed. What can't be removed stays.
func removeTree(_ path: String) {
    if unlink(path) == 0 { return }
    guard let names = names(in: path) else { return }
    for name in names { removeTree("\(path)/\(name)") }
    rmdir(path)
}

/// The names of what a folder holds; `nil` when it can't be listed.
private func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
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
