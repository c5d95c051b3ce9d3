import Foundation
import Glibc

/// Holds an SQLite file locked against writing, as another program that looks into it does.
///
/// `@unchecked Sendable`: only ``release()`` changes what it holds, and one test calls that.
package final class StateFileHolder: @unchecked Sendable {
    private var child: pid_t?

    /// Locks it. Whoever writes has to wait.
    ///
    /// - Throws: ``TestSupportError`` when it can't be locked.
    package init(_ path: String) throws {
        let output = Pipe()
        let script = """
            import signal, sqlite3, sys
            database = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
            database.execute("BEGIN IMMEDIATE")
            print("locked", end="", flush=True)
            signal.pause()
            """
        let child = try Program.start(
            "python3",
            ["-c", script, path],
            input: STDIN_FILENO,
            output: output.fileHandleForWriting.fileDescriptor,
            errors: STDERR_FILENO
        )
        self.child = child
        // Else its end would not be seen.
        try output.fileHandleForWriting.close()
        let word = output.fileHandleForReading.availableData
        guard word == Data("locked".utf8) else {
            throw TestSupportError("'\(path)' can't be locked: \(String(decoding: word, as: UTF8.self))")
        }
    }

    deinit {
        release()
    }

    /// Lets it go; blocks until it is free.
    package func release() {
        guard let child else { return }
        self.child = nil
        kill(child, SIGKILL)
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 && errno == EINTR {}
    }
}
