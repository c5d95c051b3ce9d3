import CLinux
import Glibc
import Repository
import Synchronization

/// A pipe whose two ends are closed once each, by whoever comes first: us or the end of the object.
final class OpenPipe: Sendable {
    private let ends: Mutex<(reading: Int32, writing: Int32)>

    init() throws {
        var (reading, writing): (Int32, Int32) = (-1, -1)
        guard linux_pipe(&reading, &writing) == 0 else { throw RepositoryError(errno: errno, "make", path: "a pipe") }
        ends = Mutex((reading, writing))
    }

    deinit {
        closeReading()
        closeWriting()
    }

    /// The end to read from; -1 once closed.
    var reading: Int32 { ends.withLock { $0.reading } }
    /// The end to write to; -1 once closed.
    var writing: Int32 { ends.withLock { $0.writing } }

    func closeReading() {
        ends.withLock {
            if $0.reading >= 0 { close($0.reading) }
            $0.reading = -1
        }
    }

    func closeWriting() {
        ends.withLock {
            if $0.writing >= 0 { close($0.writing) }
            $0.writing = -1
        }
    }

    /// Writes a short text; does nothing when nobody reads it.
    func write(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { write($0) }
    }

    /// Writes bytes as write(2) does. (SIGPIPE is ignored for this thread meanwhile.)
    ///
    /// - Returns: How many were written; -1 with `errno` when none were, EPIPE once nobody reads.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        ends.withLock { ends in
            guard ends.writing >= 0 else {
                errno = EPIPE
                return -1
            }
            var blocked = sigset_t()
            sigemptyset(&blocked)
            sigaddset(&blocked, SIGPIPE)
            var before = sigset_t()
            pthread_sigmask(SIG_BLOCK, &blocked, &before)
            let count = Glibc.write(ends.writing, bytes.baseAddress, bytes.count)
            let code = errno
            if count < 0, code == EPIPE {
                // The signal waits for this thread: take it, so that it is not delivered with the old mask. It waits for nobody
                // where it is ignored.
                var pending = sigset_t()
                sigpending(&pending)
                var number: Int32 = 0
                if sigismember(&pending, SIGPIPE) == 1 { sigwait(&blocked, &number) }
            }
            pthread_sigmask(SIG_SETMASK, &before, nil)
            errno = code
            return count
        }
    }

    /// Reads to the end and hands on each line, without its line feed and cut to 4 KiB.
    func forEachLine(_ body: (String) -> Void) {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(reading, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") {
                    body(String(decoding: line, as: UTF8.self))
                    line.removeAll(keepingCapacity: true)
                } else if line.count < 4096 {
                    line.append(byte)
                }
            }
        }
        if !line.isEmpty { body(String(decoding: line, as: UTF8.self)) }
    }
}
