/// What restoring a dump would do; the keys are those of `--json`.
package struct DumpRestorePreview: Codable, Sendable, Hashable {
    /// The backup.
    package var backup: String
    /// The database that was dumped.
    package var database: String
    /// The moment that it is of, RFC 3339.
    package var restorablePoint: String
    /// Where it goes: `postgres@127.0.0.1:5432/restored`.
    package var target: String
    /// The database that it becomes.
    package var targetDatabase: String
    /// What is there: `absent`, `empty` or `filled`.
    package var targetState: String
    /// The server's version: `15.20`.
    package var serverVersion: String
    /// Who will own it.
    package var owner: String
    /// Its encoding.
    package var encoding: String
    /// Its locale: `libc fr_FR.UTF-8`.
    package var locale: String
    /// The size of the dump.
    package var logicalBytes: Int64
    /// Roles that own something in the dump, or have rights on it, and that the server does not have.
    package var missingRoles: [String]
    /// Tablespaces that something in the dump lies in, and that the server does not have.
    package var missingTablespaces: [String]
    /// Who is connected to the database that would be replaced.
    package var sessions: [String]
    /// Those of them that the role may not end, so that `--force` does not help.
    package var foreignSessions: [String]
    /// What an operator should know.
    package var notes: [String]
}
