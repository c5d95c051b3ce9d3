import Glibc

/// A connected Unix stream socket, blocking with deadlines. Closed when it goes out of scope.
final class ClientSocket {
    private let descriptor: Int32
    private let path: String
    private var buffer = MessageBuffer()
    /// Reading goes through this, so that each read costs no allocation.
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)

    init(path: String, timeout: Duration) throws(VarlinkConnectionError) {
        self.path = path
        guard path.utf8.count <= VarlinkLimits.maximumSocketPathBytes else {
            throw VarlinkConnectionError(
                code: .pathTooLong,
                message: "the socket path \"\(path)\" is longer than \(VarlinkLimits.maximumSocketPathBytes) bytes",
                hint: "Choose a shorter path."
            )
        }
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = Glibc.socket(AF_UNIX, flags, 0)
        guard descriptor >= 0 else { throw Self.failure("cannot make a socket", errno) }
        do {
            try connect(deadline: .after(timeout))
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    deinit { Glibc.close(descriptor) }

    private func connect(deadline: Deadline) throws(VarlinkConnectionError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        while true {
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if result == 0 { return }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                // The backlog is full. No event tells when that changes (unix(7)), so it is asked again.
                guard deadline.pollTimeout != 0 else { throw timedOut("did not accept the connection") }
                poll(nil, 0, 10)
            case let code: throw connectFailure(code)
            }
        }
    }

    private func connectFailure(_ code: Int32) -> VarlinkConnectionError {
        switch code {
        case ENOENT, ENOTDIR:
            VarlinkConnectionError(
                code: .notFound,
                message: "there is no socket \"\(path)\"",
                hint: "Start the service, or name its socket."
            )
        case ECONNREFUSED:
            VarlinkConnectionError(
                code: .refused,
                message: "nobody listens on \"\(path)\"",
                hint: "Start the service."
            )
        case EACCES, EPERM:
            VarlinkConnectionError(
                code: .permissionDenied,
                message: "no permission to connect to \"\(path)\"",
                hint: "Run it with sudo, or as a member of the socket's group."
            )
        default: Self.failure("cannot connect to \"\(path)\"", code)
        }
    }

    private static func failure(_ what: String, _ code: Int32) -> VarlinkConnectionError {
        VarlinkConnectionError(code: .system, message: "\(what): \(String(cString: strerror(code)))")
    }

    private func timedOut(_ what: String) -> VarlinkConnectionError {
        VarlinkConnectionError(
            code: .timedOut,
            message: "the service at \"\(path)\" \(what) in time",
            hint: "Look at the service's journal; it may hang or be overloaded."
        )
    }

    private var hungUp: VarlinkConnectionError {
        VarlinkConnectionError(
            code: .closed,
            message: "the service at \"\(path)\" closed the connection",
            hint: "Look at the service's journal for the reason."
        )
    }

    /// Waits until the descriptor is ready for `events`.
    private func wait(for events: Int32, deadline: Deadline, _ what: String) throws(VarlinkConnectionError) {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            switch poll(&entry, 1, deadline.pollTimeout) {
            case 1...: return
            case 0: throw timedOut(what)
            default: if errno != EINTR { throw Self.failure("cannot wait for \"\(path)\"", errno) }
            }
        }
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8], deadline: Deadline) throws(VarlinkConnectionError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: try wait(for: POLLOUT, deadline: deadline, "did not take the call")
            case EPIPE, ECONNRESET: throw hungUp
            case let code: throw Self.failure("cannot write to \"\(path)\"", code)
            }
        }
    }

    /// Reads until a whole message is there.
    func readMessage(deadline: Deadline) throws(VarlinkConnectionError) -> [UInt8] {
        while true {
            if let message = try nextMessage() { return message }
            let count = chunk.withUnsafeMutableBytes { Glibc.recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count > 0 {
                buffer.append(chunk[..<count])
                continue
            }
            if count == 0 { throw hungUp }
            switch errno {
            case EINTR: continue
            case EAGAIN: try wait(for: POLLIN, deadline: deadline, "did not answer")
            case ECONNRESET: throw hungUp
            case let code: throw Self.failure("cannot read from \"\(path)\"", code)
            }
        }
    }

    private func nextMessage() throws(VarlinkConnectionError) -> [UInt8]? {
        do {
            return try buffer.next()
        } catch {
            throw VarlinkConnectionError(
                code: .badReply,
                message: "the service at \"\(path)\" does not speak Varlink: \(error.message)"
            )
        }
    }
}
