import Protection
import Reception

/// The rights that live reception statistics need; `pg_read_all_data` has them, too.
enum ReceptionSetup {
    /// The SQL, which does nothing in a database that is not the application's.
    ///
    /// - Parameters:
    ///   - role: The role's name as it is.
    ///   - isWanted: Whether they are asked for; else they are comments.
    static func lines(role: String, isWanted: Bool) -> [String] {
        let tables = ReceptionTable.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let name = SetupSQL.identifier(role)
        let block = SetupSQL.block(
            if: "(SELECT bool_and(to_regclass(name) IS NOT NULL) FROM unnest(ARRAY[\(tables)]) AS t (name))",
            ReceptionTable.allCases.map { $0.grant(to: name) },
            naming: role
        )
        let purpose = "live statistics of the Recyclic application, in its database; part of read-data"
        return ["", "-- reception: \(purpose)\(isWanted ? "" : " (not asked for)")"]
            + block.map { isWanted ? $0 : "--   \($0)" }
    }
}
