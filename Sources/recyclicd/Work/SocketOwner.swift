import CLinux
import Glibc

/// Who runs the server behind a Unix socket, as the kernel tells it.
enum SocketOwner {
    /// The user id of the server's process; `nil` for a server reached by TCP or not at all.
    static func user(ofServerAt host: String, port: Int) -> uid_t? {
        guard host.hasPrefix("/") else { return nil }
        let path = "\(host)/.s.PGSQL.\(port)"
        var address = sockaddr_un()
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        var process: pid_t = 0
        var user: uid_t = 0
        var group: gid_t = 0
        guard connected == 0, linux_peer_credentials(descriptor, &process, &user, &group) == 0 else { return nil }
        return user
    }
}
