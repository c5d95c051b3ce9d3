import Blocking
import CLinux
import Glibc

/// A lock on a repository, held until ``release()`` or until the last reference goes; the kernel drops it when the
/// process dies.
///
/// Byte 0 of the file `lock` is the writer's, byte 1 is shared by all readers and the writer, and exclusive for the
/// sweep. The locks belong to the open file (`F_OFD_SETLK` in fcntl(2)), so two in one process exclude each other too.
package final class RepositoryLock: Sendable {
    /// What a lock lets its holder do.
    package enum Mode: Sendable {
        /// Read: nothing that is there disappears meanwhile.
        case reading
        /// Read and write; one at a time.
        case writing
    }

    /// What it lets its holder do.
    package let mode: Mode
    private let file: OpenFile?
    /// Root may work in a folder of somebody else's, who could have put a link there to a place that is root's alone, or a pipe.
    private static let safely = O_NOFOLLOW | O_NONBLOCK

    private init(mode: Mode, file: OpenFile?) {
        self.mode = mode
        self.file = file
    }

    /// Takes a lock.
    ///
    /// - Parameters:
    ///   - mode: What for.
    ///   - path: The repository's folder.
    ///   - patience: How long to wait for the other holders; zero to try once.
    ///   - cancellation: Ends the waiting.
    /// - Throws: ``RepositoryError`` `repositoryLocked`; `CancellationError`.
    static func take(
        _ mode: Mode,
        path: String,
        patience: Duration,
        cancellation: CancellationFlag?
    ) throws -> RepositoryLock {
        let name = "\(path)/lock"
        switch mode {
        case .writing:
            let file = try openOrMake(name, in: path)
            try acquire(F_WRLCK, 0, of: file, patience: patience, cancellation: cancellation) {
                RepositoryError(
                    .repositoryLocked,
                    "another process is writing to the repository '\(path)'",
                    hint: "Wait until it is done, or find it with 'sudo fuser -v \(name)'."
                )
            }
            try shareReading(file, path: path, patience: patience, cancellation: cancellation)
            return RepositoryLock(mode: mode, file: file)
        case .reading:
            guard let file = try openForReading(name, in: path) else { return RepositoryLock(mode: mode, file: nil) }
            try shareReading(file, path: path, patience: patience, cancellation: cancellation)
            return RepositoryLock(mode: mode, file: file)
        }
    }

    /// Waits until no one else reads, and keeps readers out until ``endSweep()``. Only with the writer's lock.
    ///
    /// - Throws: ``RepositoryError`` `repositoryLocked` when readers stay longer than `patience`.
    func beginSweep(patience: Duration, cancellation: CancellationFlag?) throws {
        guard let file, mode == .writing else {
            throw RepositoryError(.invalidArgument, "the sweep needs the writer's lock")
        }
        try Self.acquire(F_WRLCK, 1, of: file, patience: patience, cancellation: cancellation) {
            RepositoryError(
                .repositoryLocked,
                "a restore, drill or verification is reading the repository; nothing can be removed meanwhile",
                hint: "Objects are removed after the next backup instead."
            )
        }
    }

    /// Lets readers in again.
    func endSweep() {
        guard let file, file.number >= 0 else { return }
        // Exclusive to shared always succeeds at once (fcntl(2)).
        _ = linux_lock_range(file.number, Int32(F_RDLCK), 1, 1, 0)
    }

    /// Gives the lock back now.
    package func release() {
        guard let file else { return }
        _ = linux_lock_range(file.number, Int32(F_UNLCK), 0, 2, 0)
    }

    /// A copy on a read-only medium may lack the file and can't change: then there is nothing to lock.
    private static func openForReading(_ name: String, in path: String) throws -> OpenFile? {
        do {
            return try OpenFile.open(name, O_RDONLY | safely)
        } catch let error as RepositoryError where error.kind == .notFound {
            do {
                return try openOrMake(name, in: path)
            } catch let error as RepositoryError where error.kind == .readOnly || error.kind == .permissionDenied {
                return nil
            }
        }
    }

    /// Opens the file, and makes it when it is missing: for the folder's owner, whom a file of root's would keep out later.
    private static func openOrMake(_ name: String, in path: String) throws -> OpenFile {
        while true {
            do {
                return try OpenFile.open(name, O_RDWR | safely)
            } catch let error as RepositoryError where error.kind == .notFound {
                guard let file = try make(name) else { continue }
                var folder = stat()
                if geteuid() == 0, stat(path, &folder) == 0, folder.st_uid != 0 {
                    guard fchown(file.number, folder.st_uid, folder.st_gid) == 0 else {
                        throw RepositoryError(errno: errno, "change the owner of", path: name)
                    }
                }
                return file
            }
        }
    }

    /// - Returns: `nil` when another process has just made it.
    private static func make(_ name: String) throws -> OpenFile? {
        do {
            return try OpenFile.open(name, O_RDWR | O_CREAT | O_EXCL | safely)
        } catch {
            var status = stat()
            guard lstat(name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw error }
            return nil
        }
    }

    private static func shareReading(
        _ file: OpenFile,
        path: String,
        patience: Duration,
        cancellation: CancellationFlag?
    ) throws {
        try acquire(F_RDLCK, 1, of: file, patience: patience, cancellation: cancellation) {
            RepositoryError(
                .repositoryLocked,
                "objects are just being removed from the repository '\(path)'",
                hint: "Try again in a minute."
            )
        }
    }

    private static func acquire(
        _ type: Int32,
        _ byte: Int64,
        of file: OpenFile,
        patience: Duration,
        cancellation: CancellationFlag?,
        busy: () -> RepositoryError
    ) throws {
        let deadline = ContinuousClock.now + patience
        while linux_lock_range(file.number, type, byte, 1, 0) != 0 {
            guard errno == EAGAIN || errno == EACCES else {
                throw RepositoryError(errno: errno, "lock", path: file.path)
            }
            // The kernel's waiting variant has no time limit, so ask again and again.
            guard ContinuousClock.now < deadline else { throw busy() }
            try cancellation?.check()
            usleep(20_000)
        }
    }
}
