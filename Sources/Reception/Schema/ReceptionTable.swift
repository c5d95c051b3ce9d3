/// The tables of the application that the statistics read, and of each the columns.
package enum ReceptionTable: String, Sendable, Hashable, CaseIterable {
    case posts = "poste_reception"
    case tickets = "ticket_depot"
    case lines = "ligne_depot"
    case sessions = "cash_sessions"
    case sales
    case items = "sale_items"
    case users
    case sites

    /// Those whose names say whose they are; a table `users` may be anybody's.
    static let distinctive: [ReceptionTable] = [.posts, .tickets, .lines]

    /// The columns that must be there.
    package var columns: [String] {
        switch self {
        case .posts: ["id", "opened_at"]
        case .tickets: ["id", "poste_id", "status", "closed_at"]
        case .lines: ["ticket_id", "poids_kg"]
        case .sessions: ["id", "opened_at", "site_id"]
        case .sales: ["id", "cash_session_id", "created_at", "total_amount", "donation"]
        case .items: ["sale_id", "weight"]
        case .users: ["id", "role", "is_active"]
        case .sites: ["id"]
        }
    }

    /// A column that some versions of the application have.
    static let exitColumn = "is_exit"

    /// The statement that lets a role read what is needed. Of users that is no name and no password.
    ///
    /// - Parameter role: The role's name, quoted as an identifier.
    package func grant(to role: String) -> String {
        self == .users
            ? "GRANT SELECT (\(columns.joined(separator: ", "))) ON \(rawValue) TO \(role);"
            : "GRANT SELECT ON \(rawValue) TO \(role);"
    }
}
