/// Whether a user of the application may see the figures.
package enum UserAccess: Sendable, Hashable {
    /// An active administrator.
    case allowed
    /// An active user whose role does not suffice.
    case wrongRole
    /// No user, or one who was deactivated.
    case unknown

    /// The roles that may, as the application writes them.
    private static let allowedRoles: Set<String> = ["admin", "super-admin"]

    /// - Parameters:
    ///   - role: The user's role; `nil` when there is no such user.
    ///   - isActive: Whether the user is active.
    init(role: String?, isActive: Bool) {
        guard let role, isActive else {
            self = .unknown
            return
        }
        self = Self.allowedRoles.contains(role) ? .allowed : .wrongRole
    }
}
