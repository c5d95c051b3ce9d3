import Glibc

/// A client that sends bytes to an HTTP server and reads what comes back. It blocks the calling thread.
package final class HTTPProbe {
    /// Where a server listens.
    package enum Place: Sendable {
        /// On a port of 127.0.0.1.
        case port(Int)
        /// On a Unix socket.
        case socket(String)
    }

    /// An answer as it came.
    package struct Answer: Sendable {
        package let status: Int
        /// Names in lower case.
        package let headers: [String: String]
        package let body: String
    }

    private let descriptor: Int32
    private var rest: [UInt8] = []

    /// Connects.
    ///
    /// - Throws: ``TestSupportError`` when nobody listens.
    package init(_ place: Place) throws {
        let result: Int32
        switch place {
        case .port(let port):
            descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(port)).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .socket(let path):
            descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
            result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw TestSupportError("can't connect to \(place): errno \(errno)")
        }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Sends text; what a server that has closed does not take is lost.
    package func send(_ text: String) {
        var bytes = Array(text.utf8)
        while !bytes.isEmpty {
            let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return }
            bytes.removeFirst(count)
        }
    }

    /// Reads one answer.
    ///
    /// - Parameter hasBody: Whether a body follows; to HEAD none does, whatever the length says.
    /// - Returns: `nil` when the server closed instead.
    package func receive(hasBody: Bool = true) throws -> Answer? {
        let mark = Array("\r\n\r\n".utf8)
        while true {
            if let end = rest.indices.first(where: { rest[$0...].starts(with: mark) }) {
                let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n")
                let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    guard parts.count == 2 else { continue }
                    headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
                }
                let length = hasBody ? Int(headers["content-length"] ?? "") ?? 0 : 0
                let start = end + mark.count
                if rest.count >= start + length {
                    let body = String(decoding: rest[start..<(start + length)], as: UTF8.self)
                    rest.removeFirst(start + length)
                    return Answer(status: status ?? 0, headers: headers, body: body)
                }
            }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 || count < 0 && errno == ECONNRESET { return nil }
            guard count > 0 else { throw TestSupportError("no answer within a minute: errno \(errno)") }
            rest += buffer[..<count]
        }
    }

    /// Asks for one path on a connection of its own.
    package static func get(_ place: Place, _ path: String) throws -> Answer {
        let probe = try HTTPProbe(place)
        probe.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        guard let answer = try probe.receive() else { throw TestSupportError("the server closed without an answer") }
        return answer
    }
}
