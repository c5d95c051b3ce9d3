import Blocking

/// Decides when it is told that figures can't be had, and that they can again: once each, however the reason changes meanwhile.
///
/// Pure. Each event says whether it is to be told.
struct ReceptionTroubles: Sendable {
    private enum Trouble {
        /// Nobody gets figures.
        case figures
        /// Nobody's role can be read, so that only those get figures who need no token.
        case users
    }

    private var present: Set<Trouble> = []

    /// There were figures.
    mutating func figuresCame() -> Bool { ends(.figures) }

    /// There were none.
    mutating func figuresFailed(_ error: any OperatorError) -> Bool { isOwn(error) ? false : begins(.figures) }

    /// A user's role was read.
    mutating func userCame() -> Bool { ends(.users) }

    /// It could not be. A server that is down ends with the next figures; what lacks of `users` does not.
    mutating func userFailed(_ error: any OperatorError) -> Bool {
        if isOwn(error) { return false }
        return begins((error as? ReceptionError)?.isObstacle == true ? .users : .figures)
    }

    /// Whether the daemon itself refused, which says nothing of the database.
    private func isOwn(_ error: any OperatorError) -> Bool {
        switch error as? ReceptionError {
        case .tooMany, .stopping: true
        default: false
        }
    }

    private mutating func begins(_ trouble: Trouble) -> Bool {
        defer { present.insert(trouble) }
        return present.isEmpty
    }

    private mutating func ends(_ trouble: Trouble) -> Bool { present.remove(trouble) != nil && present.isEmpty }
}
