/// One thing that a drill looked at.
package struct DrillCheck: Sendable, Hashable, Codable {
    /// What came of it.
    package enum State: String, Sendable, Hashable, Codable {
        /// Good.
        case passed
        /// The backup's fault.
        case failed
        /// It could not be looked at, for a reason that is not the backup's.
        case cannotJudge
        /// It is never in a base backup: an unlogged table.
        case notProtected
    }

    /// What was looked at: `tables of "recyclic"`.
    package let name: String
    /// What came of it.
    package let state: State
    /// What was found or why it could not be looked at.
    package let detail: String?
    /// Whether a drill that could not make this check has proved nothing.
    package let isEssential: Bool

    package init(_ name: String, _ state: State, detail: String? = nil, isEssential: Bool = true) {
        self.name = name
        self.state = state
        self.detail = detail
        self.isEssential = isEssential
    }
}
