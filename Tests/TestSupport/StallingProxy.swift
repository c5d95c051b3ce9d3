import Blocking
import Glibc
import Synchronization

/// A TCP proxy on 127.0.0.1 between a client and a server, that can go wrong on command.
///
/// It stands for the network: it can fall silent while both sides think they are connected (a half-open link), or cut.
package final class StallingProxy: Sendable {
    private struct State {
        var isStalled = false
        var isClosed = false
        var sockets: Set<Int32> = []
        var stallAfter: Int?
        var cutAfter: Int?
        var forwardedToClient = 0
        var accepted = 0
    }

    /// The port on 127.0.0.1 that clients connect to.
    package let port: Int

    private let upstreamPort: Int
    private let sourceAddress: String
    private let listener: Int32
    private let state = Mutex(State())

    /// - Parameters:
    ///   - upstreamPort: The server's port on 127.0.0.1.
    ///   - sourceAddress: The address the server sees the clients at. With 127.0.0.2 a server takes them for strangers:
    ///     pg_hba.conf's loopback lines say 127.0.0.1/32.
    /// - Throws: ``TestSupportError`` when no socket can be bound.
    package init(to upstreamPort: Int, sourceAddress: String = "127.0.0.1") throws {
        self.upstreamPort = upstreamPort
        self.sourceAddress = sourceAddress
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopbackAddress(port: 0)
        let listener = listener
        guard listener >= 0, withSocketAddress(&address, { bind(listener, $0, $1) }) == 0, listen(listener, 64) == 0
        else { throw TestSupportError("can't listen on 127.0.0.1: \(lastErrorText())") }
        port = try boundPort(listener)
        startThread("proxy") { [weak self] in
            while true {
                var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                let ready = poll(&waiting, 1, 100)
                guard let self, !self.state.withLock({ $0.isClosed }) else { break }
                if ready > 0 { self.accept() }
            }
            Glibc.close(listener)
        }
    }

    deinit {
        close()
    }

    /// How many clients have connected so far.
    package var acceptedCount: Int {
        state.withLock { $0.accepted }
    }

    /// How many bytes went from the server to clients so far.
    package var forwardedToClient: Int {
        state.withLock { $0.forwardedToClient }
    }

    /// Stops forwarding in both directions; connections stay open and what is sent is not read.
    package func stall() {
        state.withLock { $0.isStalled = true }
    }

    /// Stops forwarding once this many bytes have gone from the server to clients.
    package func stall(after bytes: Int) {
        state.withLock { $0.stallAfter = bytes }
    }

    /// Cuts the connections once this many bytes have gone from the server to clients.
    package func cut(after bytes: Int) {
        state.withLock { $0.cutAfter = bytes }
    }

    /// Goes on forwarding, what was held back included.
    package func resume() {
        state.withLock { state in
            state.isStalled = false
            state.stallAfter = nil
        }
    }

    /// Cuts every connection; new ones are taken.
    package func cut() {
        state.withLock { state in
            for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
            state.cutAfter = nil
        }
    }

    /// Cuts every connection and takes no new one.
    package func close() {
        state.withLock { $0.isClosed = true }
        cut()
    }

    private func accept() {
        let client = Glibc.accept(listener, nil, nil)
        guard client >= 0 else { return }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var source = loopbackAddress(sourceAddress, port: 0)
        var address = loopbackAddress(port: upstreamPort)
        guard server >= 0, withSocketAddress(&source, { bind(server, $0, $1) }) == 0,
            withSocketAddress(&address, { connect(server, $0, $1) }) == 0
        else {
            Glibc.close(client)
            if server >= 0 { Glibc.close(server) }
            return
        }
        state.withLock { state in
            state.accepted += 1
            state.sockets.formUnion([client, server])
        }
        let pair = ProxyPair(client: client, server: server)
        startThread("proxy") { self.forward(from: client, to: server, isToClient: false, pair) }
        startThread("proxy") { self.forward(from: server, to: client, isToClient: true, pair) }
    }

    private func forward(from: Int32, to: Int32, isToClient: Bool, _ pair: ProxyPair) {
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        loop: while !state.withLock({ $0.isClosed }) {
            if state.withLock({ $0.isStalled }) {
                usleep(5_000)
                continue
            }
            var waiting = pollfd(fd: from, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 50) > 0 else { continue }
            if state.withLock({ $0.isStalled }) { continue }
            let count = recv(from, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            var sent = 0
            while sent < count {
                let written = buffer.withUnsafeBytes { bytes in
                    send(to, bytes.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL))
                }
                guard written > 0 else { break loop }
                sent += written
            }
            if isToClient {
                let isCut = state.withLock { state in
                    state.forwardedToClient += count
                    if let limit = state.stallAfter, state.forwardedToClient >= limit { state.isStalled = true }
                    return state.cutAfter.map { state.forwardedToClient >= $0 } ?? false
                }
                if isCut { cut() }
            }
        }
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
        guard pair.isSecondToEnd else { return }
        state.withLock { state in
            state.sockets.subtract([from, to])
            Glibc.close(from)
            Glibc.close(to)
        }
    }
}

/// The two sockets of one proxied connection; the thread that ends second closes them.
private final class ProxyPair: Sendable {
    private let ended = Atomic<Int>(0)

    init(client: Int32, server: Int32) {}

    var isSecondToEnd: Bool {
        ended.add(1, ordering: .acquiringAndReleasing).newValue == 2
    }
}
