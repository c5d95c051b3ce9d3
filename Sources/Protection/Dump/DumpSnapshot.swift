import Blocking
import PostgresClient
import Repository

/// A snapshot of one database, held open for pg_dump, and what is known of the database in it.
///
/// Not Sendable: driven by the dump's thread.
final class DumpSnapshot {
    /// When it was taken, by our clock, at the latest: what was committed up to then is in the dump.
    let takenAt: UTCTime
    /// Its name, for `pg_dump --snapshot`.
    let name: String
    /// The server's major version.
    let majorVersion: Int
    /// Its session; `nil` once it was released.
    private(set) var session: BlockingConnection?
    private let cancellation: CancellationFlag

    /// Connects and takes it.
    ///
    /// - Throws: ``BackupError`` for a server that can't be dumped; ``PostgresError``; `CancellationError`.
    init(_ settings: ConnectionSettings, cancellation: CancellationFlag) throws {
        let connection = try BlockingConnection.connectWithoutLimits(settings, cancellation: cancellation)
        session = connection
        self.cancellation = cancellation
        majorVersion = connection.serverVersion.major
        let refusal = BackupError.refusal(
            of: connection.serverVersion,
            isStandby: connection.parameterStatus("in_hot_standby") == "on"
        )
        if let refusal { throw refusal }
        takenAt = .now
        try connection.simpleQuery("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellation: cancellation)
        name = try connection.query("SELECT pg_export_snapshot()", cancellation: cancellation).onlyRow().decode(0)
    }

    private var connection: BlockingConnection {
        guard let session else { preconditionFailure("the snapshot was released") }
        return session
    }

    private func rows(_ sql: String) throws -> [Row] {
        try Array(connection.query(sql, cancellation: cancellation).rows)
    }

    private func onlyRow(_ sql: String) throws -> Row {
        try connection.query(sql, cancellation: cancellation).onlyRow()
    }

    // MARK: - Facts

    /// The server, as far as the snapshot's session tells.
    func server() throws -> ServerFacts {
        let row = try onlyRow(
            """
            SELECT current_setting('server_version'), (SELECT system_identifier::text FROM pg_control_system()),
                   (SELECT timeline_id FROM pg_control_checkpoint()), current_setting('data_checksums') = 'on',
                   current_setting('block_size')::int, pg_size_bytes(current_setting('wal_segment_size'))
            """
        )
        return ServerFacts(
            version: try row.decode(0),
            versionNumber: connection.serverVersion.number,
            systemIdentifier: try row.decode(1),
            timeline: try row.decode(2),
            dataChecksums: try row.decode(3),
            blockSize: try row.decode(4),
            walSegmentBytes: try row.decode(5)
        )
    }

    /// The database itself: encoding, locale, extensions.
    func database() throws -> ServerFacts.DatabaseFacts {
        let locale = majorVersion >= 17 ? "datlocale" : "daticulocale"
        let rules = majorVersion >= 16 ? "daticurules" : "NULL::text"
        let row = try onlyRow(
            """
            SELECT datname, oid, pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider, \(locale),
                   datcollversion, datallowconn, datistemplate, pg_database_size(oid), \(rules)
              FROM pg_database WHERE datname = current_database()
            """
        )
        var facts = ServerFacts.DatabaseFacts(
            name: try row.decode(0),
            oid: try row.decode(1),
            sizeBytes: try row.decode(10),
            encoding: try row.decode(2),
            collate: try row.decode(3),
            ctype: try row.decode(4),
            provider: ServerFactsCollector.providerName(try row.decode(5)),
            icuLocale: try row.decode(6),
            collationVersion: try row.decode(7),
            allowConnections: try row.decode(8),
            isTemplate: try row.decode(9),
            extensions: try rows("SELECT extname, extversion FROM pg_extension ORDER BY extname").map {
                ServerFacts.ExtensionFacts(name: try $0.decode(0), version: try $0.decode(1))
            }
        )
        facts.icuRules = try row.decode(11)
        return facts
    }

    /// What belongs to the database but lies outside it.
    func properties() throws -> DatabaseProperties {
        let row = try onlyRow(
            """
            SELECT pg_get_userbyid(datdba), shobj_description(oid, 'pg_database'), datconnlimit, datacl IS NOT NULL,
                   pg_get_userbyid(10),
                   (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE \(DatabaseTables.condition))
              FROM pg_database WHERE datname = current_database()
            """
        )
        let privileges = try rows(
            """
            SELECT CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable
              FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = current_database()
            """
        )
        let settings = try rows(
            """
            SELECT CASE WHEN s.setrole <> 0 THEN pg_get_userbyid(s.setrole) END, c
              FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) c
             WHERE d.datname = current_database()
            """
        )
        let hasPrivileges: Bool = try row.decode(3)
        return DatabaseProperties(
            owner: try row.decode(0),
            comment: try row.decode(1),
            connectionLimit: try row.decode(2),
            privileges: !hasPrivileges
                ? nil
                : try privileges.map {
                    .init(role: try $0.decode(0), privilege: try $0.decode(1), isGrantable: try $0.decode(2))
                },
            settings: try settings.map { row in
                let text: String = try row.decode(1)
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return .init(
                    role: try row.decode(0),
                    name: String(parts[0]),
                    value: parts.count > 1 ? String(parts[1]) : ""
                )
            },
            roles: try roles(),
            tablespaces: try tablespaces(),
            bootstrapSuperuser: try row.decode(4),
            tables: try row.decode(5)
        )
    }

    /// Roles that something in the database hangs on. What initdb's superuser owns is pinned and in no list, so it is looked for
    /// where users have things.
    private func roles() throws -> [String] {
        try rows(
            """
            SELECT DISTINCT r.rolname
              FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid JOIN pg_database d ON d.datname = current_database()
             WHERE s.refclassid = 'pg_authid'::regclass
               AND (s.dbid = d.oid OR s.dbid = 0 AND s.classid = 'pg_database'::regclass AND s.objid = d.oid)
            UNION
            SELECT rolname FROM pg_roles WHERE oid = 10 AND EXISTS (
                SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relowner = 10 AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_')
            ORDER BY 1
            """
        ).map { try $0.decode(0) }
    }

    /// Tablespaces that a dump of the database names. What lies where the database lies by default is dumped without a name.
    private func tablespaces() throws -> [String] {
        try rows(
            """
            SELECT spcname FROM pg_tablespace
             WHERE oid IN (SELECT reltablespace FROM pg_class WHERE relpersistence <> 't')
               AND spcname NOT IN ('pg_default', 'pg_global')
             ORDER BY 1
            """
        ).map { try $0.decode(0) }
    }

    /// How many large objects there are, and how many of them our role may not read.
    func largeObjects() throws -> (all: Int64, unreadable: Int64) {
        let isReadable =
            majorVersion >= 18
            ? "has_largeobject_privilege(m.oid, 'SELECT')"
            : """
            pg_has_role(m.lomowner, 'USAGE') OR EXISTS (
                SELECT FROM aclexplode(m.lomacl) a WHERE a.privilege_type = 'SELECT'
                   AND CASE WHEN a.grantee = 0 THEN true ELSE pg_has_role(a.grantee, 'USAGE') END)
            """
        let row = try onlyRow(
            """
            SELECT count(*), count(*) FILTER (WHERE NOT (
                       current_setting('is_superuser') = 'on' OR current_setting('lo_compat_privileges') = 'on'
                       OR \(isReadable)))
              FROM pg_largeobject_metadata m
            """
        )
        return (try row.decode(0), try row.decode(1))
    }

    /// Whether our role may read the passwords' hashes of roles.
    func readsPasswords() throws -> Bool {
        try onlyRow("SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT')").decode(0)
    }

    // MARK: - End

    /// Lets the snapshot go, and its session: from then on vacuum may remove again what the snapshot still saw.
    ///
    /// Ask nothing of it any more afterwards.
    func release() {
        _ = try? session?.simpleQuery("ROLLBACK", timeout: .seconds(5))
        session = nil
    }
}
