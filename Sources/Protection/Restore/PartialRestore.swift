import CLinux
import FoundationEssentials
import Glibc
import Repository

/// The folder beside the target that a restore works in until its last step, `<target>.recyclic-partial-<random>`.
///
/// Nothing half-made ever has the target's name: the data directory grows in `data` and is renamed at the end. The
/// folder holds a journal, locked as long as its process lives, by which a later run knows it for one of a dead process
/// and removes it, with what belongs to it.
final class PartialRestore {
    /// What the folder's name has after the target's.
    static let infix = ".recyclic-partial-"

    /// A tablespace that lies outside the target.
    struct Outside: Codable, Equatable {
        /// Where it grows.
        var partial: String
        /// Where it goes.
        var final: String
        /// The folder's device and inode, by which it is known after the renaming.
        var device: UInt64
        var inode: UInt64
    }

    private struct Journal: Codable {
        var target: String
        var outside: [Outside]
    }

    /// The folder.
    let path: String
    /// Where the data directory grows.
    var data: String { "\(path)/data" }
    /// For files of no use afterwards.
    var scratch: String { "\(path)/scratch" }

    private let target: String
    private let lock: OpenFile
    private let token: String
    private var outside: [Outside] = []
    private var parentsMade: [String] = []

    /// Makes the folder, and the target's parents where they are missing.
    init(target: String) throws {
        self.target = target
        let parent = Folders.parent(of: target)
        let parentsMade = try Folders.makeParents(parent)
        var template = Array("\(target)\(Self.infix)XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard made else {
            let number = errno
            for folder in parentsMade.reversed() { rmdir(folder) }
            throw RepositoryError(errno: number, "make a folder in", path: parent)
        }
        path = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        token = String(path.suffix(6))
        self.parentsMade = parentsMade
        do {
            lock = try OpenFile.open("\(path)/lock", O_RDWR | O_CREAT | O_EXCL)
            guard linux_lock_range(lock.number, Int32(F_WRLCK), 0, 1, 0) == 0 else {
                throw RepositoryError(errno: errno, "lock", path: lock.path)
            }
            try Folders.make("\(path)/scratch")
        } catch {
            try? Folders.remove(path)
            for folder in parentsMade.reversed() { rmdir(folder) }
            throw error
        }
    }

    /// Makes the folder that a tablespace outside the target grows in.
    ///
    /// - Returns: The folder.
    func addOutside(_ final: String, owner: ExtractionLayout.Owner?) throws -> String {
        parentsMade += try Folders.makeParents(Folders.parent(of: final))
        let partial = "\(final)\(Self.infix)\(token)"
        try Folders.make(partial, owner: owner)
        var status = stat()
        guard lstat(partial, &status) == 0 else { throw RepositoryError(errno: errno, "look at", path: partial) }
        outside.append(
            Outside(partial: partial, final: final, device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        )
        try writeJournal()
        return partial
    }

    /// Makes all that was written durable.
    func sync() throws {
        for folder in [path] + outside.map(\.partial) { try Folders.syncFileSystem(of: folder) }
    }

    /// Gives everything its final name, the target last.
    func commit() throws {
        for tablespace in outside {
            guard rename(tablespace.partial, tablespace.final) == 0 else {
                throw Self.renameError(tablespace.final)
            }
            try Folders.sync(Folders.parent(of: tablespace.final))
        }
        guard rename(data, target) == 0 else { throw Self.renameError(target) }
        try Folders.sync(Folders.parent(of: target))
        outside = []
        parentsMade = []
        try Folders.remove(path)
    }

    /// Removes everything that was made; what can't be removed stays, for a later run to remove.
    func discard() {
        for tablespace in outside { Self.remove(tablespace) }
        try? Folders.remove(path)
        for folder in parentsMade.reversed() { rmdir(folder) }
    }

    /// Removes what restores of dead processes left beside a target.
    ///
    /// - Returns: The folders that were removed.
    @discardableResult
    static func removeStale(beside target: String) -> [String] {
        let parent = Folders.parent(of: target)
        guard let names = try? Folders.names(in: parent) else { return [] }
        return names.sorted().compactMap { name in
            let path = parent == "/" ? "/\(name)" : "\(parent)/\(name)"
            guard name.contains(infix), removeIfStale(path) else { return nil }
            return path
        }
    }

    private static func removeIfStale(_ path: String) -> Bool {
        guard let lock = try? OpenFile.open("\(path)/lock", O_RDWR | O_NOFOLLOW),
            linux_lock_range(lock.number, Int32(F_WRLCK), 0, 1, 0) == 0
        else { return false }
        if let text = try? Folders.text(of: "\(path)/journal"),
            let journal = try? JSONDecoder().decode(Journal.self, from: Data(text.utf8)),
            // Without it the last step was done, and the tablespaces belong to a finished restore.
            access("\(path)/data", F_OK) == 0
        {
            for tablespace in journal.outside { remove(tablespace) }
        }
        return (try? Folders.remove(path)) != nil
    }

    /// Removes a tablespace under whichever of its two names it has; a folder that took its place since is left alone.
    private static func remove(_ tablespace: Outside) {
        for path in [tablespace.partial, tablespace.final] {
            var status = stat()
            guard lstat(path, &status) == 0, UInt64(status.st_dev) == tablespace.device,
                UInt64(status.st_ino) == tablespace.inode
            else { continue }
            try? Folders.remove(path)
        }
    }

    private func writeJournal() throws {
        let journal = try JSONEncoder().encode(Journal(target: target, outside: outside))
        let file = try OpenFile.open("\(path)/journal.new", O_WRONLY | O_CREAT | O_TRUNC)
        try Array(journal).withUnsafeBytes { try file.write($0) }
        try file.sync()
        guard rename("\(path)/journal.new", "\(path)/journal") == 0 else {
            throw RepositoryError(errno: errno, "write", path: "\(path)/journal")
        }
    }

    private static func renameError(_ path: String) -> any Error {
        let number = errno
        guard number == ENOTEMPTY || number == EEXIST || number == EBUSY || number == ENOTDIR else {
            return RepositoryError(errno: number, "rename a finished folder to", path: path)
        }
        return RestoreError(
            .targetNotEmpty,
            "something appeared at '\(path)' while it was restored",
            hint: "Restore to a folder that nobody else uses."
        )
    }
}
