import Blocking
import CLinux
import Glibc

/// Keeps a second daemon out of the state folder: two would take each other's jobs for dead ones.
///
/// The kernel gives the lock back when the process ends, however it ends.
final class StateFolderLock: Sendable {
    private let descriptor: Int32

    /// - Returns: `nil` where ``isUnusable(_:)``: no daemon keeps its state there.
    /// - Throws: ``FolderError`` when another process holds the lock or it can't be taken.
    init?(_ folder: String) throws {
        let path = "\(folder)/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            if Self.isUnusable(code) { return nil }
            throw FolderError(path: folder, reason: String(cString: strerror(code)))
        }
        guard linux_lock_range(descriptor, Int32(F_WRLCK), 0, 1, 0) == 0 else {
            // `deinit` closes the file here as well.
            let code = errno
            if Self.isUnusable(code) { return nil }
            let isTaken = code == EAGAIN || code == EACCES
            throw FolderError(
                path: folder,
                reason: isTaken ? "another recyclicd keeps its state there" : String(cString: strerror(code))
            )
        }
    }

    /// Whether the disk itself is why nothing can be written there, so that the daemon runs without its state rather than not at all:
    /// one that does not run tells nobody.
    static func isUnusable(_ code: Int32) -> Bool { [EROFS, ENOSPC, EDQUOT, EIO].contains(code) }

    deinit {
        close(descriptor)
    }
}
