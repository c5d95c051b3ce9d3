import Glibc

/// A Unix socket without any protocol, to misbehave with. Blocking, with time-outs.
final class RawSocket: @unchecked Sendable {
    // Sendable because it only holds a descriptor, which never changes.
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard withSocketAddress(path, { connect(descriptor, $0, $1) }) == 0 else { throw SystemFailure(errno) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SystemFailure(errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Tells the other end that nothing more will be sent.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Everything until the other end closes.
    func receiveAll() throws -> String {
        var all: [UInt8] = []
        while let more = try receive() { all += more }
        return String(decoding: all, as: UTF8.self)
    }

    /// What comes next; `nil` when the other end has closed.
    func receive() throws -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        // A server that closes with our bytes unread resets the connection: closed all the same.
        if count == 0 || (count < 0 && errno == ECONNRESET) { return nil }
        guard count > 0 else { throw SystemFailure(errno) }
        return Array(chunk.prefix(count))
    }
}

/// A listening Unix socket made without the library, as a service manager makes it.
final class RawListener {
    private var descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard withSocketAddress(path, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 16) == 0 else {
            throw SystemFailure(errno)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The descriptor, which the caller then owns.
    func release() -> Int32 {
        defer { descriptor = -1 }
        return descriptor
    }
}

struct SystemFailure: Error {
    let code: Int32

    init(_ code: Int32) { self.code = code }
}

private func withSocketAddress(_ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
}
