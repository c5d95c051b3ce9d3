/// How well the database is protected.
package enum HealthLevel: String, Sendable, Hashable, Comparable, CaseIterable, Codable {
    /// Nothing to say.
    case ok
    /// Something to look at.
    case warning
    /// Protection is broken, or has never been there.
    case critical

    package static func < (left: HealthLevel, right: HealthLevel) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .ok: 0
        case .warning: 1
        case .critical: 2
        }
    }
}
