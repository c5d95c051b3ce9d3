import Glibc

/// A TCP port of 127.0.0.1 that was free a moment ago. Another process may take it before the caller does: bind to
/// port 0 oneself where that is possible, and retry where it is not.
///
/// - Throws: ``TestSupportError`` when no socket can be bound.
package func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TestSupportError("no socket: \(lastErrorText())") }
    defer { close(descriptor) }
    var address = loopbackAddress(port: 0)
    guard withSocketAddress(&address, { bind(descriptor, $0, $1) }) == 0 else {
        throw TestSupportError("can't bind to 127.0.0.1: \(lastErrorText())")
    }
    return try boundPort(descriptor)
}

/// The address `host`:`port`, with `host` an IPv4 address in dots.
func loopbackAddress(_ host: String = "127.0.0.1", port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr(host)
    return address
}

/// Hands `address` to a call that takes a generic socket address.
func withSocketAddress<Address>(
    _ address: inout Address,
    _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
    withUnsafeMutableBytes(of: &address) { bytes in
        // `address` is a variable in memory, so its bytes have a base address.
        let pointer = bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: sockaddr.self)
        return body(pointer, socklen_t(bytes.count))
    }
}

/// The port that a bound socket has.
func boundPort(_ descriptor: Int32) throws -> Int {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard withSocketAddress(&address, { pointer, _ in getsockname(descriptor, pointer, &length) }) == 0 else {
        throw TestSupportError("getsockname: \(lastErrorText())")
    }
    return Int(UInt16(bigEndian: address.sin_port))
}
