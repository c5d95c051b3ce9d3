/// What the operator asks of a restore.
package struct RestoreOptions: Sendable, Hashable {
    /// The data directory to be, an absolute path: absent, or an empty folder.
    package var target: String
    /// The name of the user who is to own it; `nil` is `postgres` for root, and oneself for anybody else.
    package var owner: String?
    /// Where tablespaces go that are to lie outside the target.
    package var tablespaces: [TablespaceMapping]

    package init(target: String, owner: String? = nil, tablespaces: [TablespaceMapping] = []) {
        self.target = target
        self.owner = owner
        self.tablespaces = tablespaces
    }
}
