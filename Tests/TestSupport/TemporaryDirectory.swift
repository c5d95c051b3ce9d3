import Foundation
import Glibc

/// A new folder for one test, removed with all it holds when the object goes or ``remove()`` is called.
///
/// It lies in `$TMPDIR` if that is short enough, else in `/tmp`: a Unix socket's path has 107 bytes at most (unix(7)).
/// Its mode is 0755, so that a server which runs as another user can reach what lies in it.
package final class TemporaryDirectory: Sendable {
    /// The folder's absolute path, without a slash at the end.
    package let path: String

    private static let parent: String = {
        let asked = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        return asked.isEmpty || asked.utf8.count > 50 ? "/tmp" : asked
    }()

    /// Removes what this process leaves behind when it ends, killed or not. Servers' own watchdogs come first, hence the
    /// pause.
    private static let sweeper = try? Watchdog(whenWeDie: "sleep 3; rm -rf '\(parent)'/*-rt\(getpid())-??????")

    /// - Parameter prefix: What the folder's name begins with; keep it short.
    /// - Throws: ``TestSupportError`` when the folder can't be made.
    package init(prefix: String = "rt") throws {
        _ = Self.sweeper
        let parent = Self.parent
        var template = Array("\(parent)/\(prefix)-rt\(getpid())-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            // The buffer is a template with its NUL, so it has a base address.
            mkdtemp(buffer.baseAddress.unsafelyUnwrapped) != nil
        }
        guard made else { throw TestSupportError("can't make a folder in '\(parent)': \(lastErrorText())") }
        path = template.withUnsafeBufferPointer { buffer in
            // The buffer is what mkdtemp left: not empty, and it ends in NUL.
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        guard chmod(path, 0o755) == 0 else { throw TestSupportError("can't chmod '\(path)': \(lastErrorText())") }
    }

    deinit {
        remove()
    }

    /// The path of something inside the folder.
    package func path(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Removes the folder and all it holds; does nothing when it is gone.
    package func remove() {
        removeTree(path)
    }
}

/// Removes a file or a folder with all it holds; symbolic links are removed, not followed. Errors are ignored: what
/// can't be removed stays, and a test's verdict does not hang on it.
package func removeTree(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
}

/// What `errno` says, in words.
func lastErrorText() -> String {
    String(cString: strerror(errno))
}
