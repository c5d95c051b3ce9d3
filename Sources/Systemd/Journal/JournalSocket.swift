import Glibc
import Synchronization

/// The way to journald: each entry is a datagram to its socket.
///
/// sd_journal_sendv(3) is not used, for it always takes the system's own socket and says that all went well when nobody listens.
package final class JournalSocket: Sendable {
    /// Where journald listens.
    package static let defaultPath = "/run/systemd/journal/socket"
    /// How long an entry waits for a journal that is too busy to take it; then it is dropped and counted.
    private static let patienceMilliseconds: Int32 = 100

    private let path: String
    private let descriptor: Int32
    private let dropped = Mutex(0)

    /// - Parameter path: Where journald listens; at most 107 bytes.
    /// - Returns: `nil` when no socket can be made.
    package init?(path: String = defaultPath) {
        self.path = path
        let flags = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_UNIX, flags, 0)
        guard descriptor >= 0, path.utf8.count < MemoryLayout<sockaddr_un>.size - 2 else { return nil }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Sends an entry, to which the number of those that were dropped before it is added.
    ///
    /// - Returns: `false` when nobody listens, so that the entry has to go elsewhere. One that is dropped because the journal is
    ///   too busy counts as sent: the other way leads to the same journal.
    package func send(_ entry: JournalEntry, droppedField: String) -> Bool {
        let missing = dropped.withLock { dropped in
            defer { dropped = 0 }
            return dropped
        }
        var entry = entry
        if missing > 0 { entry.add(droppedField, "\(missing)") }
        var code = attempt(entry.bytes)
        if code == EAGAIN {
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = Glibc.poll(&poll, 1, Self.patienceMilliseconds)
            code = attempt(entry.bytes)
        }
        if code == 0 { return true }
        dropped.withLock { $0 += missing }
        guard code == EAGAIN || code == ENOBUFS else { return false }
        dropped.withLock { $0 += 1 }
        return true
    }

    /// Sends it if that does not take waiting.
    ///
    /// - Returns: 0, or what `errno` says.
    private func attempt(_ bytes: [UInt8]) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // The path fits: its length was checked.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        let count = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bytes.withUnsafeBytes {
                    sendto(
                        descriptor,
                        $0.baseAddress,
                        $0.count,
                        flags,
                        address,
                        socklen_t(MemoryLayout<sockaddr_un>.size)
                    )
                }
            }
        }
        return count >= 0 ? 0 : errno
    }
}
