/// What a backup of kind dump holds: one database as pg_dump wrote it, and what pg_dumpall says of roles and tablespaces.
///
/// What is known of the server as a whole is in ``ServerFacts``, as for a base backup.
package struct DumpFacts: Codable, Sendable, Equatable {
    /// The database's name.
    package var database: String
    /// `pg_database_size` when the dump began, in bytes; absent without the right to ask.
    package var databaseBytes: Int64?
    /// The encoding that the dump's texts are in: `UTF8`.
    package var encoding: String
    /// The version of the pg_dump that wrote it: `15.14`. A pg_restore of that major version or a later one reads it.
    package var programVersion: String
    /// The path in the file table of pg_dump's archive, in the custom format, not compressed: `database.dump`.
    package var file: String
    /// The path in the file table of the SQL that makes roles and tablespaces, by `pg_dumpall --globals-only`; absent when
    /// the role had no right to read them.
    package var globalsFile: String?
    /// Whether the roles in it have their passwords' hashes: only a superuser may read those.
    package var holdsRolePasswords: Bool
    /// How many large objects are missing in it, for the role may not read them; absent when that could not be known.
    package var largeObjectsLeftOut: Int64?
    /// The server's databases that no dump could be taken of in that run, each with the reason, as an operator would name it;
    /// empty when there were none, or those to dump were named, and absent when nobody looked.
    package var leftOut: [String]?
    /// What belongs to the database but lies outside it.
    package var properties: DatabaseProperties?

    package init(
        database: String,
        databaseBytes: Int64? = nil,
        encoding: String,
        programVersion: String,
        file: String = DumpFacts.standardFile,
        globalsFile: String? = DumpFacts.standardGlobalsFile,
        holdsRolePasswords: Bool,
        largeObjectsLeftOut: Int64? = nil,
        leftOut: [String]? = nil,
        properties: DatabaseProperties? = nil
    ) {
        self.database = database
        self.databaseBytes = databaseBytes
        self.encoding = encoding
        self.programVersion = programVersion
        self.file = file
        self.globalsFile = globalsFile
        self.holdsRolePasswords = holdsRolePasswords
        self.largeObjectsLeftOut = largeObjectsLeftOut
        self.leftOut = leftOut
        self.properties = properties
    }

    /// Where a dump's archive lies unless told otherwise.
    package static let standardFile = "database.dump"
    /// Where the SQL of roles and tablespaces lies unless told otherwise.
    package static let standardGlobalsFile = "globals.sql"
}
