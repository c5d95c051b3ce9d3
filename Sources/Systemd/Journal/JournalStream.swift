import Glibc

/// Whether a descriptor leads to the journal.
package enum JournalStream {
    /// Holds `JOURNAL_STREAM`, which systemd sets to the device and inode of what it connected to the journal, against a
    /// descriptor: a program that was started with its output elsewhere inherits the variable all the same (systemd.exec(5)).
    package static func isConnected(_ descriptor: Int32, environment: [String: String]) -> Bool {
        var status = stat()
        guard let text = environment["JOURNAL_STREAM"], fstat(descriptor, &status) == 0 else { return false }
        return text == "\(status.st_dev):\(status.st_ino)"
    }
}
