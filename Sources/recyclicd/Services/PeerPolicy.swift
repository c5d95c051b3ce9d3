import Glibc
import VarlinkServer

/// Who may use the control socket: root, the daemon's own user, and the members of a group.
///
/// The socket's mode says the same; asking again here holds when somebody changed it.
enum PeerPolicy {
    /// - Parameters:
    ///   - peer: The peer as the kernel names it.
    ///   - group: The name of the group; `nil` for none.
    static func allows(_ peer: PeerCredentials, group: String?) -> Bool {
        if peer.userID == 0 || peer.userID == geteuid() { return true }
        guard let group, let entry = groupEntry(named: group) else { return false }
        if peer.groupID == entry.id { return true }
        guard let user = userName(peer.userID) else { return false }
        return entry.members.contains(user)
    }

    /// A user's name; `nil` for an id without an entry.
    static func userName(_ id: UInt32) -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 64 << 10)
        guard getpwuid_r(id, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return String(cString: entry.pw_name)
    }

    private static func groupEntry(named name: String) -> (id: UInt32, members: [String])? {
        var entry = group()
        var found: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 256 << 10)
        guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        var members: [String] = []
        var next = entry.gr_mem
        while let member = next?.pointee {
            members.append(String(cString: member))
            next = next?.advanced(by: 1)
        }
        return (entry.gr_gid, members)
    }
}
