import Protection
import State

/// Which databases a dump job dumps. Pure.
enum DumpSelection {
    /// - Parameters:
    ///   - found: All that dumps are to be taken of.
    ///   - only: Those of which the last dump failed; `nil` dumps all.
    /// - Returns: At least one. One that is not wanted any more, or gone, is not dumped again either; when none of them is left,
    ///   all are dumped.
    /// - Throws: ``BackupError`` `noDatabases`: a job that stores nothing must not look like one that protects something.
    static func databases(_ found: DumpableDatabases, only: [String]? = nil) throws -> [String] {
        guard !found.names.isEmpty else {
            throw BackupError(
                "noDatabases",
                "the server has no database that can be dumped"
                    + (found.leftOut.isEmpty
                        ? ", only templates" : ": it has \(found.leftOut.texts.joined(separator: "; "))"),
                hint: "Look at the list, psql -l, and whether POSTGRES_HOST and POSTGRES_PORT name the right server."
            )
        }
        guard let only else { return found.names }
        let again = found.names.filter(only.contains)
        return again.isEmpty ? found.names : again
    }
}
