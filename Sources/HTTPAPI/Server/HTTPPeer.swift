import CLinux
import Glibc
import NIOCore
import NIOPosix

/// Who is at the other end of a connection, as the kernel knows it.
package enum HTTPPeer: Sendable, Hashable, CustomStringConvertible {
    /// A process on this machine, over a Unix socket: its user and primary group when it connected.
    case process(userID: UInt32, groupID: UInt32)
    /// An address, without the port.
    case address(String)
    /// The kernel would not tell.
    case unknown

    /// Asks the kernel; to be called on the channel's event loop.
    init(_ channel: any Channel) {
        let credentials = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { descriptor -> HTTPPeer? in
            var (process, user, group): (pid_t, uid_t, gid_t) = (0, 0, 0)
            guard Self.isLocal(channel), linux_peer_credentials(descriptor, &process, &user, &group) == 0 else {
                return nil
            }
            return .process(userID: user, groupID: group)
        }
        if let process = credentials ?? nil {
            self = process
        } else if let address = channel.remoteAddress?.ipAddress {
            self = .address(address)
        } else {
            self = .unknown
        }
    }

    /// SO_PEERCRED answers for TCP sockets, too: with nobody.
    private static func isLocal(_ channel: any Channel) -> Bool {
        if case .unixDomainSocket? = channel.localAddress { true } else { false }
    }

    package var description: String {
        switch self {
        case .process(let userID, _): "uid \(userID)"
        case .address(let address): address
        case .unknown: "unknown"
        }
    }
}
