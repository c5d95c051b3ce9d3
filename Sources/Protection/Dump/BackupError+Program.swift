import Glibc

/// Programs of PostgreSQL that can't be used: an error of this machine, and none of the repository's.
extension BackupError {
    /// A program could not be started.
    ///
    /// - Parameters:
    ///   - path: The program.
    ///   - number: `errno` of the attempt.
    ///   - launcher: The program that was to start it.
    static func notStarted(_ path: String, errno number: Int32, launcher: String) -> BackupError {
        let reason = String(cString: strerror(number))
        switch number {
        case ENOENT:
            return notStarted(
                path,
                "'\(launcher)' is not there",
                hint: "Install it: apt-get install -y util-linux"
            )
        case EAGAIN, ENOMEM:
            return notStarted(
                path,
                reason,
                hint:
                    "The machine, or the unit (TasksMax=, MemoryMax=), has no room for another process: look at systemctl "
                    + "status recyclicd and free -m; then run this again."
            )
        case EACCES, EPERM:
            return notStarted(path, reason, hint: "Let recyclicd's user run '\(launcher)' and '\(path)': see ls -l.")
        default:
            return notStarted(path, reason)
        }
    }

    /// A program could not be started.
    static func notStarted(_ path: String, _ reason: String, hint: String? = nil) -> BackupError {
        BackupError(
            "programNotStarted",
            "'\(path)' could not be started: \(reason)",
            hint: hint
                ?? "Look for what this machine is short of (ulimit -n, free -m, journalctl -k); then run this again."
        )
    }

    /// What a program writes could not be read.
    static func unreadable(_ program: String, errno number: Int32) -> BackupError {
        BackupError("programFailed", "what \(program) writes could not be read: \(String(cString: strerror(number)))")
    }
}
