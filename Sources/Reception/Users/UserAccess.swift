/// Whether a user of the application may see the figures.
package enum UserAccess: Sendable, Hashable {
    /// An active administrator.
    case allowed
    /// An active user whose role does not suffice.
    case wrongRole
    /// One who was deactivated.
    case inactive
    /// No user.
    case unknown

    /// The roles that may, as the application writes them.
    private static let allowedRoles: Set<String> = ["admin", "super-admin"]

    /// - Parameters:
    ///   - role: The user's role; `nil` when there is no such user.
    ///   - isActive: Whether the user is active.
    init(role: String?, isActive: Bool) {
        guard let role else {
            self = .unknown
            return
        }
        self = !isActive ? .inactive : Self.allowedRoles.contains(role) ? .allowed : .wrongRole
    }
}
