/// Counts connections against the limits. Knows no sockets.
struct ConnectionLedger {
    /// Why a connection is not let in.
    enum Refusal: String, Error {
        case total = "too many connections"
        case user = "too many connections of this user"
    }

    private let total: Int
    private let perUser: Int
    private var count = 0
    private var users: [UInt32: Int] = [:]

    init(total: Int, perUser: Int) {
        self.total = total
        self.perUser = perUser
    }

    /// Takes a place for a connection of `user`.
    mutating func enter(_ user: UInt32) throws(Refusal) {
        guard count < total else { throw .total }
        guard users[user, default: 0] < perUser else { throw .user }
        count += 1
        users[user, default: 0] += 1
    }

    /// Gives a place back that was taken by ``enter(_:)``.
    mutating func leave(_ user: UInt32) {
        count -= 1
        if let left = users[user], left > 1 {
            users[user] = left - 1
        } else {
            users[user] = nil
        }
    }
}
