import Glibc

/// A small shell that outlives this process and tidies up after it, however it ends: kill -9 included.
///
/// It reads from a pipe whose other end only this process holds. When the end closes without the word that all is well,
/// it runs its script. (`PR_SET_PDEATHSIG` would not do: it follows the thread that started the child, not the process.)
package final class Watchdog: Sendable {
    private let pipe: Int32
    private let shell: pid_t

    /// - Parameter script: What to run when this process dies, in the language of sh(1).
    package init(whenWeDie script: String) throws {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets, for unlike pipe(2) it can be closed in children from the start.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw TestSupportError("no socket pair: \(lastErrorText())")
        }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer {
            close(ends[0])
            close(null)
        }
        pipe = ends[1]
        shell = try Program.start(
            "/bin/sh",
            ["-c", "read -r word && [ \"$word\" = well ] && exit 0\n\(script)"],
            input: ends[0],
            output: null,
            errors: null,
            leadsSession: true
        )
    }

    /// Sends the watchdog home without running its script.
    package func dismiss() {
        _ = write(pipe, "well\n", 5)
        close(pipe)
        var status: Int32 = 0
        while waitpid(shell, &status, 0) == -1 && errno == EINTR {}
    }
}
