import CLinux
import Glibc
import Repository

/// The folders of one drill: scratch, with everything restored, and the one of the server's socket.
///
/// A lock in scratch, held as long as the process lives, tells the folders of a running drill from those of a dead one.
final class DrillFolders {
    /// The scratch folder, `DRILL_DIRECTORY/<job id>`.
    let scratch: String
    /// The folder of the socket, short enough for a socket's path.
    let socket: String
    /// The data directory.
    var data: String { "\(scratch)/data" }
    /// Where the server's configuration is.
    var configuration: String { "\(scratch)/server" }
    /// Files of no use after the restore.
    var sorting: String { "\(scratch)/sorting" }

    private let runtimeDirectory: String
    private let lock: OpenFile

    /// Makes the folders for a user.
    ///
    /// - Throws: ``DrillObstacle`` when they can't be made or the user can't reach them.
    init(_ options: DrillOptions, owner: ExtractionLayout.Owner?) throws {
        scratch = "\(options.directory)/\(options.jobID)"
        runtimeDirectory = options.runtimeDirectory
        do {
            try Self.prepare(options.directory)
            Self.removeIfStale(scratch, runtimeDirectory)
            try Folders.make(scratch)
            lock = try OpenFile.open("\(scratch)/lock", O_RDWR | O_CREAT | O_EXCL)
            guard linux_lock_range(lock.number, Int32(F_WRLCK), 0, 1, 0) == 0 else {
                throw RepositoryError(errno: errno, "lock", path: lock.path)
            }
            socket = try Self.makeSocketFolder(in: options.runtimeDirectory, owner: owner)
        } catch let error as RepositoryError {
            throw DrillObstacle.cannotJudge(error.message, hints: error.hint.map { [$0] } ?? [])
        }
        do {
            try Folders.write(socket, to: "\(scratch)/socket", owner: nil)
            try Folders.make(configuration, owner: owner)
            try Folders.make(sorting)
            if let owner, chown(scratch, owner.uid, owner.gid) != 0 {
                throw RepositoryError(errno: errno, "change the owner of", path: scratch)
            }
            if owner != nil { try Self.checkReachable([scratch, socket]) }
        } catch {
            remove()
            guard let error = error as? RepositoryError else { throw error }
            throw DrillObstacle.cannotJudge(error.message, hints: error.hint.map { [$0] } ?? [])
        }
    }

    /// Ends what still runs in the folders and removes them.
    func remove() {
        Self.remove(scratch: scratch, socket: socket, runtimeDirectory)
    }

    /// Removes the drills of dead processes: their servers first, then their folders.
    ///
    /// - Returns: The names of the folders, which are job ids.
    static func removeStale(in directory: String, runtimeDirectory: String) -> [String] {
        guard let names = try? Folders.names(in: directory) else { return [] }
        return names.sorted().filter { name in
            removeIfStale("\(directory)/\(name)", runtimeDirectory) || removeIfBegun(name, in: directory)
        }
    }

    /// Removes the folder of a drill that died before it had locked it: one named as a job is, and empty.
    private static func removeIfBegun(_ name: String, in directory: String) -> Bool {
        guard name.first == "j", name.count > 1, name.dropFirst().allSatisfy({ ("0"..."9").contains($0) }) else {
            return false
        }
        return rmdir("\(directory)/\(name)") == 0
    }

    @discardableResult
    private static func removeIfStale(_ scratch: String, _ runtimeDirectory: String) -> Bool {
        guard let lock = try? OpenFile.open("\(scratch)/lock", O_RDWR | O_NOFOLLOW),
            linux_lock_range(lock.number, Int32(F_WRLCK), 0, 1, 0) == 0
        else { return false }
        remove(scratch: scratch, socket: try? Folders.text(of: "\(scratch)/socket"), runtimeDirectory)
        return access(scratch, F_OK) != 0
    }

    private static func remove(scratch: String, socket: String?, _ runtimeDirectory: String) {
        let data = "\(scratch)/data"
        // A drill's programs run as whom its folders were given to, or as ourselves until they have switched.
        let users = Set([scratch, data].compactMap(owner)).union([geteuid()])
        // A process that was just being started may show up only at the second look.
        var quiet = 0
        for attempt in 0..<200 where quiet < 2 {
            let left = RunningServers.processes(of: data, users: users)
            quiet = left.servers.isEmpty && left.guards.isEmpty ? quiet + 1 : 0
            // The guard first, or it starts what was not there yet. A server that has only just been started ignores
            // SIGQUIT, as its shell had it, so it is asked again.
            for process in left.guards { Glibc.kill(process, SIGKILL) }
            for process in left.servers { Glibc.kill(process, attempt < 100 ? SIGQUIT : SIGKILL) }
            usleep(quiet > 0 ? 5_000 : 50_000)
        }
        if let socket, isSocketFolder(socket, in: runtimeDirectory) { try? Folders.remove(socket) }
        try? Folders.remove(scratch)
    }

    private static func owner(of path: String) -> uid_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_uid : nil
    }

    /// Whether a path has the form that ``makeSocketFolder(in:owner:)`` gives. What scratch says is not trusted further: it
    /// belongs to the drill's user.
    private static func isSocketFolder(_ path: String, in runtimeDirectory: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return path == "\(runtimeDirectory)/\(name)" && name.count == 7 && name.hasPrefix("d")
            && name.allSatisfy { $0.isLetter || $0.isNumber }
    }

    private static func prepare(_ directory: String) throws {
        try Folders.makeParents(directory, mode: 0o711)
        // Whoever runs the drill must get through; the names in it are nobody's business.
        for folder in [Folders.parent(of: directory), directory] {
            var status = stat()
            guard lstat(folder, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o001 == 0 else { continue }
            chmod(folder, status.st_mode & 0o7777 | 0o011)
        }
    }

    private static func makeSocketFolder(in directory: String, owner: ExtractionLayout.Owner?) throws -> String {
        try Folders.makeParents(directory)
        let path = "\(directory)/dXXXXXX"
        // "/.s.PGSQL.5432.lock" follows, and a socket's path has 107 bytes at most (unix(7)).
        guard path.utf8.count <= 107 - 19 else {
            throw RepositoryError(
                .invalidArgument,
                "'\(directory)' is too long a path for a socket",
                hint: "Set RUNTIME_DIRECTORY to a shorter one."
            )
        }
        var template = Array(path.utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard made else { throw RepositoryError(errno: errno, "make a folder in", path: directory) }
        let folder = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        if let owner, chown(folder, owner.uid, owner.gid) != 0 {
            let number = errno
            rmdir(folder)
            throw RepositoryError(errno: number, "change the owner of", path: folder)
        }
        return folder
    }

    private static func checkReachable(_ folders: [String]) throws {
        for folder in folders {
            var above = Folders.parent(of: folder)
            while above != "/" {
                var status = stat()
                guard stat(above, &status) == 0, status.st_mode & 0o001 != 0 else {
                    throw DrillObstacle.cannotJudge(
                        "the drill's user can't get to '\(folder)' through '\(above)'",
                        hints: ["chmod o+x '\(above)', or set DRILL_DIRECTORY to another place."]
                    )
                }
                above = Folders.parent(of: above)
            }
        }
    }
}
