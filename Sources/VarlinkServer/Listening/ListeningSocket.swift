import Glibc
import Synchronization
import Varlink

/// A Unix socket that listens, ready for ``VarlinkServer/run(on:)``.
///
/// Clients can connect from the moment it is made; they wait until the server runs.
package final class ListeningSocket: Sendable {
    private struct Identity: Hashable {
        let device: UInt
        let inode: UInt
    }

    /// How many clients may wait to be accepted.
    private static let backlog: Int32 = 128

    /// Where clients find it.
    package let address: String
    /// The path of the socket, when this process made it.
    package let path: String?
    private let identity: Identity?
    /// `nil` once the server has it.
    private let descriptor: Mutex<Int32?>

    /// Listens at `path`. A socket there on which nobody listens any more is replaced.
    ///
    /// Two processes that replace the same dead socket in the same instant can both succeed, the later one having the path:
    /// who needs more than a per-service folder guards it by a lock.
    ///
    /// - Parameters:
    ///   - path: at most 107 bytes; its folder must exist.
    ///   - mode: the permissions of the socket: who may write to it may connect.
    ///   - group: the name of the group to give it to; `nil` leaves it in the process's.
    /// - Throws: ``ListeningError``, among others when somebody listens there.
    package init(path: String, mode: UInt32 = 0o660, group: String? = nil) throws(ListeningError) {
        guard path.utf8.count <= VarlinkLimits.maximumSocketPathBytes else {
            throw ListeningError(
                code: .pathTooLong,
                message: "the socket path \"\(path)\" is longer than \(VarlinkLimits.maximumSocketPathBytes) bytes",
                hint: "Choose a shorter path for the folder of the socket."
            )
        }
        let groupID: gid_t? = if let group { try Self.groupID(group) } else { nil }
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(AF_UNIX, flags, 0)
        guard descriptor >= 0 else { throw Self.failure("cannot make a socket", errno) }
        do throws(ListeningError) {
            try Self.bind(descriptor, path)
            // Until it listens nobody can connect, so there is no moment with the wrong permissions.
            if let groupID, chown(path, uid_t.max, groupID) != 0 {
                throw Self.failure("cannot give \"\(path)\" to group \"\(group ?? "")\"", errno)
            }
            guard chmod(path, mode) == 0 else { throw Self.failure("cannot set the mode of \"\(path)\"", errno) }
            guard listen(descriptor, Self.backlog) == 0 else {
                throw Self.failure("cannot listen on \"\(path)\"", errno)
            }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.path = path
        address = path
        identity = Self.identity(path)
        self.descriptor = Mutex(descriptor)
    }

    /// Takes over a socket that the service manager opened; its path, if it has one, is left alone at the end.
    ///
    /// - Throws: when it is no Unix socket that listens.
    package init(inherited descriptor: Int32) throws(ListeningError) {
        guard Self.option(SO_ACCEPTCONN, descriptor) == 1, Self.option(SO_DOMAIN, descriptor) == AF_UNIX,
            let address = Self.boundPath(descriptor)
        else {
            throw ListeningError(
                code: .notListening,
                message: "descriptor \(descriptor) is not a Unix socket that listens at a path",
                hint: "Use ListenStream= with a path in the socket unit."
            )
        }
        self.address = address
        path = nil
        identity = nil
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        if let descriptor = descriptor.withLock({ $0 }) {
            Glibc.close(descriptor)
            remove()
        }
    }

    /// Hands the descriptor to its new owner.
    package func take() throws(ListeningError) -> Int32 {
        let taken = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        guard let taken else { throw ListeningError(code: .usedUp, message: "the socket is already being served") }
        return taken
    }

    /// Removes the socket's file if this process made it and nobody has put another in its place.
    package func remove() {
        guard let path, let identity, Self.identity(path) == identity else { return }
        unlink(path)
    }

    // MARK: - System calls

    private static func failure(_ what: String, _ code: Int32) -> ListeningError {
        ListeningError(code: .system, message: "\(what): \(String(cString: strerror(code)))")
    }

    private static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    }

    private static func option(_ name: Int32, _ descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    /// The path that a socket is bound to; `nil` for one without a path.
    private static func boundPath(_ descriptor: Int32) -> String? {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard code == 0 else { return nil }
        let path = withUnsafeBytes(of: address.sun_path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return path.isEmpty ? nil : path
    }

    private static func groupID(_ name: String) throws(ListeningError) -> gid_t {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 64 << 10)
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            throw ListeningError(
                code: .unknownGroup,
                message: "there is no group \"\(name)\"",
                hint: "Create it with: groupadd --system \(name)."
            )
        }
        return entry.gr_gid
    }

    /// Runs a system call that takes a Unix socket address.
    private static func withAddress(_ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // The path fits: its length was checked.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func bind(_ descriptor: Int32, _ path: String) throws(ListeningError) {
        if withAddress(path, { Glibc.bind(descriptor, $0, $1) }) == 0 { return }
        guard errno == EADDRINUSE else { throw failure("cannot make the socket \"\(path)\"", errno) }
        try removeDead(path)
        guard withAddress(path, { Glibc.bind(descriptor, $0, $1) }) == 0 else {
            throw failure("cannot make the socket \"\(path)\"", errno)
        }
    }

    /// Removes a socket on which nobody listens.
    private static func removeDead(_ path: String) throws(ListeningError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            throw ListeningError(
                code: .notASocket,
                message: "\"\(path)\" exists and is not a socket",
                hint: "Remove it, or choose another path."
            )
        }
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let probe = Glibc.socket(AF_UNIX, flags, 0)
        guard probe >= 0 else { throw failure("cannot make a socket", errno) }
        defer { Glibc.close(probe) }
        let result = withAddress(path) { connect(probe, $0, $1) }
        // Only a refusal proves that nobody listens; a full backlog, say, proves that somebody does.
        guard result != 0, errno == ECONNREFUSED else {
            throw ListeningError(
                code: .inUse,
                message: "another process listens on \"\(path)\"",
                hint: "Stop it first, or choose another path."
            )
        }
        guard unlink(path) == 0 else { throw failure("cannot remove the dead socket \"\(path)\"", errno) }
    }
}
