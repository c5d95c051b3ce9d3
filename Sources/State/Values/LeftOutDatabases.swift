/// The databases of a server that dumps leave out, for none can be taken of them.
package struct LeftOutDatabases: Sendable, Hashable, Codable {
    /// One of them.
    package struct Database: Sendable, Hashable, Codable {
        /// Why no dump can be taken.
        package enum Reason: Sendable, Hashable, Codable {
            /// It accepts no connections.
            case closed
            /// The role may not connect to it.
            case forbidden(role: String)
        }

        package var name: String
        package var reason: Reason
        /// The SQL statement that mends it, without a semicolon.
        package var statement: String

        package init(name: String, reason: Reason, statement: String) {
            self.name = name
            self.reason = reason
            self.statement = statement
        }
    }

    /// Those that are named; of very many the first.
    package var named: [Database]
    /// How many there are.
    package var count: Int

    /// - Parameter count: `nil` when all are named.
    package init(_ named: [Database] = [], count: Int? = nil) {
        self.named = named
        self.count = count ?? named.count
    }

    package var isEmpty: Bool { count == 0 }

    /// As many as one sentence names.
    package var first: ArraySlice<Database> { named.prefix(3) }

    /// Each as an operator would name it, with the reason and what mends it.
    package var texts: [String] {
        let texts = named.map { database in
            switch database.reason {
            case .closed: "database \"\(database.name)\", which accepts no connections (\(database.statement))"
            case .forbidden(let role):
                "database \"\(database.name)\", to which the role \"\(role)\" may not connect (\(database.statement))"
            }
        }
        return texts + (count > named.count ? ["\(count - named.count) more databases"] : [])
    }
}
