/// How databases are known that a restore is just making, or has left half-made.
enum HalfMadeDatabase {
    /// What their names begin with.
    static let prefix = "recyclic_restore_"
    /// Their comment, until they get the name that they are made for.
    static let comment = "half-restored by recyclicd; it can be dropped"
    /// The key of the advisory lock by which a restore says that it is at work on the database of a name, its parameter.
    static let key = "hashtextextended($1, 0)"
    /// Tells a row of pg_database that is one: never for the name alone, which anybody may give.
    static let condition = """
        starts_with(datname, '\(prefix)') AND coalesce(shobj_description(oid, 'pg_database') = '\(comment)', false)
        """
}
