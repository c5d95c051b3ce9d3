import Protection

/// Which databases a dump job dumps. Pure.
enum DumpSelection {
    /// - Parameters:
    ///   - wanted: All that dumps are to be taken of.
    ///   - only: Those of which the last dump failed; `nil` dumps all.
    /// - Returns: At least one. One that is not wanted any more, or gone, is not dumped again either; when none of them is left,
    ///   all are dumped.
    /// - Throws: ``BackupError`` `noDatabases`: a job that stores nothing must not look like one that protects something.
    static func databases(_ wanted: [String], only: [String]? = nil) throws -> [String] {
        guard !wanted.isEmpty else {
            throw BackupError(
                "noDatabases",
                "the server has no database to dump: there are only templates, and databases that accept no connections",
                hint: "Look at the list: psql -l; and name in DUMP_DATABASES those that are to be dumped."
            )
        }
        guard let only else { return wanted }
        let again = wanted.filter(only.contains)
        return again.isEmpty ? wanted : again
    }
}
