import FoundationEssentials
import Glibc

/// The file below the state: made for its owner alone, set aside when it can't be read.
struct StateFile {
    /// The file's path.
    let path: String

    /// SQLite's companions of the file; they belong to it and move with it.
    private static let companions = ["", "-wal", "-shm", "-journal"]

    /// Makes the file if there is none, and takes group and others their rights to it.
    ///
    /// SQLite would make it with the umask's mode, and gives the companions the mode of the file; an empty file is a
    /// valid, empty database to it.
    func prepare() throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StateError.unusableFile(path, Self.errorText(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StateError.unusableFile(path, Self.errorText(errno)) }
        if status.st_mode & 0o077 != 0 {
            guard fchmod(descriptor, 0o600) == 0 else { throw StateError.unusableFile(path, Self.errorText(errno)) }
            // The companions of an earlier run may have been made with the wider mode.
            for companion in Self.companions.dropFirst() { chmod(path + companion, 0o600) }
        }
    }

    /// Renames the file and its companions to `<path>.<word>-<UTC>`.
    ///
    /// - Parameters:
    ///   - word: Why: `damaged` or `newer`.
    ///   - now: The time for the name.
    /// - Returns: The new path.
    func setAside(as word: String, at now: Date) throws -> String {
        let stamp = UTCStamp.text(now)
        var target = "\(path).\(word)-\(stamp)"
        var attempt = 1
        while access(target, F_OK) == 0 {
            attempt += 1
            target = "\(path).\(word)-\(stamp)-\(attempt)"
        }
        for companion in Self.companions where rename(path + companion, target + companion) != 0 {
            let code = errno
            // A WAL left behind would be applied to the new file, so only its absence is tolerable.
            guard code == ENOENT else { throw StateError.unusableFile(path + companion, Self.errorText(code)) }
        }
        return target
    }

    private static func errorText(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
