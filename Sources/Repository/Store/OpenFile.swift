package import Glibc

/// An open file, closed when the last reference goes. Its calls block, are repeated after signals, and name the path in
/// their errors.
package final class OpenFile: Sendable {
    /// The path it was opened by.
    package let path: String
    /// The kernel's number.
    package let number: Int32

    private init(number: Int32, path: String) {
        self.number = number
        self.path = path
    }

    deinit {
        close(number)
    }

    /// Opens a file (open(2)) with `O_CLOEXEC`.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - flags: `O_RDONLY` and the like.
    ///   - mode: The permission bits of a file that is made.
    /// - Throws: ``RepositoryError``.
    package static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws -> OpenFile {
        while true {
            let number = Glibc.open(path, flags | O_CLOEXEC, mode)
            if number >= 0 { return OpenFile(number: number, path: path) }
            guard errno == EINTR else { throw RepositoryError(errno: errno, "open", path: path) }
        }
    }

    /// The file's size in bytes.
    package func size() throws -> Int64 {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw RepositoryError(errno: errno, "find", path: path) }
        return Int64(status.st_size)
    }

    /// Fills `buffer` from `offset` on (pread(2)).
    ///
    /// - Returns: How many bytes were read: less than `buffer.count` only at the file's end.
    package func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(number, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            if count == 0 { break }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw RepositoryError(errno: errno, "read", path: path)
            }
        }
        return done
    }

    /// Writes all bytes at the file's position (write(2)).
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = Glibc.write(number, rest.baseAddress, rest.count)
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw RepositoryError(errno: errno, "write", path: path)
            }
        }
    }

    /// Writes all bytes from `offset` on (pwrite(2)).
    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
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

    /// Makes what was written durable (fsync(2)).
    package func sync() throws {
        guard fsync(number) == 0 else { throw RepositoryError(errno: errno, "sync", path: path) }
    }
}
