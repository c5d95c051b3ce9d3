/// Which relations count as tables of a database: the same at the time of the dump and in the restored copy.
enum DatabaseTables {
    /// A condition on `pg_class c` and `pg_namespace n`.
    static let condition = """
        c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        """
}
