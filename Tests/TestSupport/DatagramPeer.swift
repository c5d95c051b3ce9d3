import Foundation
import Glibc

/// The other end of a protocol of datagrams on a Unix socket: the service manager's, or the journal's.
package final class DatagramPeer: Sendable {
    /// Where it listens.
    package let path: String
    private let descriptor: Int32

    /// - Parameters:
    ///   - path: At most 107 bytes.
    ///   - bufferBytes: How much may wait to be read; `nil` leaves the system's default.
    /// - Throws: ``TestSupportError`` when it can't listen there.
    package init(path: String, bufferBytes: Int32? = nil) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        if var bufferBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bufferBytes, socklen_t(MemoryLayout<Int32>.size))
        }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw TestSupportError("can't listen at '\(path)': \(lastErrorText())") }
    }

    deinit {
        close(descriptor)
    }

    /// The next datagram that waits to be read; `nil` when there is none.
    package func next() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count >= 0 ? Array(buffer[..<count]) : nil
    }

    /// All datagrams that wait to be read, as text.
    package func texts() -> [String] {
        var texts: [String] = []
        while let next = next() { texts.append(String(decoding: next, as: UTF8.self)) }
        return texts
    }
}
