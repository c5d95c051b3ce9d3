import Glibc
import Synchronization

/// The way to journald: each entry is a datagram to its socket.
///
/// sd_journal_sendv(3) is not used, for it always takes the system's own socket and says that all went well when nobody listens.
package final class JournalSocket: Sendable {
    /// Where journald listens.
    package static let defaultPath = "/run/systemd/journal/socket"

    private struct State {
        /// Connected to the journal, for poll(2) says of no other when its queue has room; -1 for none.
        var descriptor: Int32 = -1
        /// Entries that were dropped since the last one that arrived.
        var dropped = 0
        /// Whether the last entry waited in vain. Then the next ones don't wait as well: a journal that hangs must not slow us down
        /// line by line.
        var isBusy = false
    }

    private let address: sockaddr_un
    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - path: Where journald listens; at most 107 bytes.
    ///   - patience: How long an entry waits for a journal that is too busy to take it.
    /// - Returns: `nil` when the path is too long.
    package init?(path: String = defaultPath, patience: Duration = .milliseconds(100)) {
        guard path.utf8.count < MemoryLayout<sockaddr_un>.size - 2 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // The path fits: its length was checked.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        self.address = address
        self.patience = patience
    }

    deinit {
        state.withLock { Self.disconnect(&$0) }
    }

    /// Sends an entry, to which the number of those that were dropped before it is added.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - droppedField: The name of the field for that number.
    ///   - mayDrop: Whether it is dropped and counted when the journal is too busy. Then that counts as sent: the other way leads to
    ///     the same journal.
    /// - Returns: `false` when it has to go elsewhere: nobody listens, or it must not be dropped.
    package func send(_ entry: JournalEntry, droppedField: String, mayDrop: Bool) -> Bool {
        state.withLock { state in
            var entry = entry
            if state.dropped > 0 { entry.add(droppedField, "\(state.dropped)") }
            var code = attempt(entry.bytes, &state)
            if code == EAGAIN, !state.isBusy, waitForRoom(state.descriptor) { code = attempt(entry.bytes, &state) }
            state.isBusy = code == EAGAIN || code == ENOBUFS
            if code == 0 { state.dropped = 0 }
            guard state.isBusy else { return code == 0 }
            if mayDrop { state.dropped += 1 }
            return mayDrop
        }
    }

    /// Counts an entry that went nowhere, so that the next one that arrives tells of it.
    package func countDropped() {
        state.withLock { $0.dropped += 1 }
    }

    // MARK: - The socket

    /// Sends it if that does not take waiting; to a journal that was started afresh, too.
    ///
    /// - Returns: 0, or what `errno` says.
    private func attempt(_ bytes: [UInt8], _ state: inout State) -> Int32 {
        let wasConnected = state.descriptor >= 0
        if !wasConnected {
            let code = connect(&state)
            guard code == 0 else { return code }
        }
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        let count = bytes.withUnsafeBytes { Glibc.send(state.descriptor, $0.baseAddress, $0.count, flags) }
        guard count < 0 else { return 0 }
        let code = errno
        switch code {
        case EAGAIN, ENOBUFS, EMSGSIZE: return code
        default:
            // The one that it was connected to has gone.
            Self.disconnect(&state)
            return wasConnected ? attempt(bytes, &state) : code
        }
    }

    /// - Returns: 0, or what `errno` says.
    private func connect(_ state: inout State) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            return code
        }
        state.descriptor = descriptor
        return 0
    }

    private static func disconnect(_ state: inout State) {
        if state.descriptor >= 0 { close(state.descriptor) }
        state.descriptor = -1
    }

    /// - Returns: Whether there is room, or the journal has gone, before the patience ends.
    private func waitForRoom(_ descriptor: Int32) -> Bool {
        let deadline = ContinuousClock.now + patience
        while true {
            let rest = max(0, ContinuousClock.now.duration(to: deadline) / .milliseconds(1))
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let count = Glibc.poll(&poll, 1, Int32(rest.rounded(.up)))
            if count > 0 { return true }
            guard count < 0, errno == EINTR else { return false }
        }
    }
}
