import CLinux
import Glibc

/// A file that is being restored: like ``OpenFile``, with a path that need not be UTF-8, and never through a link.
final class TargetFile {
    private let number: Int32
    private let pathBytes: [UInt8]

    private init(number: Int32, pathBytes: [UInt8]) {
        self.number = number
        self.pathBytes = pathBytes
    }

    deinit {
        close(number)
    }

    /// The path, as well as text can show it.
    var path: String { String(decoding: pathBytes, as: UTF8.self) }

    /// Opens a file (open(2)) with `O_CLOEXEC` and `O_NOFOLLOW`.
    static func open(_ path: [UInt8], _ flags: Int32, mode: UInt32 = 0o600) throws -> TargetFile {
        while true {
            let number = withCPath(path) { Glibc.open($0, flags | O_CLOEXEC | O_NOFOLLOW, mode) }
            if number >= 0 { return TargetFile(number: number, pathBytes: path) }
            guard errno == EINTR else { throw RepositoryError(errno: errno, "open", path: text(path)) }
        }
    }

    /// Makes a folder (mkdir(2)) for `owner`.
    static func makeFolder(_ path: [UInt8], mode: UInt32, owner: ExtractionLayout.Owner?) throws {
        guard withCPath(path, { mkdir($0, mode) }) == 0 else {
            throw RepositoryError(errno: errno, "make the folder", path: text(path))
        }
        try give(path, to: owner)
    }

    /// Makes a symbolic link (symlink(2)) for `owner`.
    static func makeLink(_ path: [UInt8], to target: String, owner: ExtractionLayout.Owner?) throws {
        guard withCPath(path, { symlink(target, $0) }) == 0 else {
            throw RepositoryError(errno: errno, "make the link", path: text(path))
        }
        try give(path, to: owner)
    }

    /// Fills `buffer` from `offset` on; an early end of the file is an error.
    func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(number, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw RepositoryError(.inputOutput, "'\(path)' was changed by someone else while it was restored")
            } else if errno != EINTR {
                throw RepositoryError(errno: errno, "read", path: path)
            }
        }
    }

    /// Writes all bytes from `offset` on.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = pwrite(number, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw RepositoryError(errno: errno, "write", path: path)
            }
        }
    }

    /// Asks the kernel to begin bringing a range to the disk (sync_file_range(2)), so that little is left to do when all is
    /// synced at the end. A hint: whether it worked does not matter here.
    func beginSync(at offset: UInt64, count: Int) {
        _ = linux_begin_sync(number, Int64(offset), Int64(count))
    }

    /// Cuts or extends the file to `size` bytes (ftruncate(2)).
    func truncate(to size: Int64) throws {
        guard ftruncate(number, off_t(size)) == 0 else { throw RepositoryError(errno: errno, "resize", path: path) }
    }

    /// Gives the file to a user and a group (fchown(2)).
    func give(to owner: ExtractionLayout.Owner?) throws {
        guard let owner else { return }
        guard fchown(number, owner.uid, owner.gid) == 0 else {
            throw RepositoryError(errno: errno, "change the owner of", path: path)
        }
    }

    private static func give(_ path: [UInt8], to owner: ExtractionLayout.Owner?) throws {
        guard let owner else { return }
        guard withCPath(path, { lchown($0, owner.uid, owner.gid) }) == 0 else {
            throw RepositoryError(errno: errno, "change the owner of", path: text(path))
        }
    }

    private static func withCPath<Result>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (path + [0]).withUnsafeBytes { bytes in
            // There is at least the NUL.
            body(bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self))
        }
    }

    private static func text(_ path: [UInt8]) -> String {
        String(decoding: path, as: UTF8.self)
    }
}
