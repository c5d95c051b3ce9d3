import CLinux
import Glibc

/// Who is at the other end of a Unix socket, as the kernel noted it when the connection was made.
package struct PeerCredentials: Sendable, Hashable, CustomStringConvertible {
    /// The process that connected; it may have ended, or handed the connection on, since.
    package let processID: Int32
    /// Its user.
    package let userID: UInt32
    /// Its primary group.
    package let groupID: UInt32

    package init(processID: Int32, userID: UInt32, groupID: UInt32) {
        self.processID = processID
        self.userID = userID
        self.groupID = groupID
    }

    /// Asks the kernel (SO_PEERCRED in unix(7)); `nil` when the descriptor is no connected Unix socket.
    package init?(descriptor: Int32) {
        var processID: pid_t = 0
        var userID: uid_t = 0
        var groupID: gid_t = 0
        guard linux_peer_credentials(descriptor, &processID, &userID, &groupID) == 0 else { return nil }
        self.init(processID: processID, userID: userID, groupID: groupID)
    }

    package var description: String { "pid \(processID) uid \(userID) gid \(groupID)" }
}
