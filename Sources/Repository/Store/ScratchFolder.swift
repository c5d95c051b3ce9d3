import CLinux
import Glibc

/// A folder for temporary files, removed with all it holds when the last reference goes.
///
/// A lock in it, held as long as the object lives, tells it from one that a killed process left.
final class ScratchFolder: Sendable {
    private static let prefix = "scratch-"

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
            return
        }
    }

    /// Removes the folders of our user's dead processes.
    ///
    /// - Parameters:
    ///   - parent: Where they were made. What can't be listed or removed stays.
    ///   - unlockedSeconds: After how many seconds a folder without a lock is taken for left too: someone may be just about to
    ///     make or to remove it, or have died doing so.
    /// - Returns: How many were removed.
    static func removeStale(in parent: String, unlockedSeconds: Int) -> Int {
        guard let stream = opendir(parent) else { return 0 }
        defer { closedir(stream) }
        var removed = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let folder = "\(parent)/\(name)"
            guard name.hasPrefix(prefix), isOurs(folder),
                let isLeft = try? isLeft(folder, unlockedSeconds), isLeft
            else { continue }
            removeTree(folder)
            removed += 1
        }
        return removed
    }

    /// Others may put what they like into `/tmp`, so only a folder that our user made is touched.
    private static func isOurs(_ folder: String) -> Bool {
        var status = stat()
        return lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
    }

    private static func isLeft(_ folder: String, _ unlockedSeconds: Int) throws -> Bool {
        if access("\(folder)/lock", F_OK) == 0 { return try lock(folder, O_RDWR) != nil }
        var status = stat()
        return stat(folder, &status) == 0 && time(nil) - status.st_mtim.tv_sec >= unlockedSeconds
    }

    /// - Returns: `nil` when another process holds the lock, or has removed the folder.
    private static func lock(_ folder: String, _ flags: Int32) throws -> OpenFile? {
        do {
            let file = try OpenFile.open("\(folder)/lock", flags | O_NOFOLLOW)
            return linux_lock_range(file.number, Int32(F_WRLCK), 0, 1, 0) == 0 ? file : nil
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
        removeTree(path)
    }

    /// The folder as an object store, for indexes that only one piece of work needs.
    var store: LocalObjectStore { LocalObjectStore(root: path) }
}

/// Removes a file, or a folder with all it holds; links are removed, not followed. What can't be removed stays.
func removeTree(_ path: String) {
    if unlink(path) == 0 { return }
    guard let stream = opendir(path) else { return }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { names.append(name) }
    }
    closedir(stream)
    for name in names { removeTree("\(path)/\(name)") }
    rmdir(path)
}
