package import Blocking

/// A connection for base backups, WAL and replication slots; for one thread at a time, which each call blocks.
///
/// `replication=true` needs a line for `replication` in pg_hba.conf. The official container image has one for loopback
/// only, so where it is refused a connection to the database with `replication=database` is tried: an ordinary line is
/// enough for it, and it knows the same commands and SQL besides.
package final class ReplicationConnection {
    /// How the server was reached.
    package enum Mode: String, Sendable {
        /// `replication=true`.
        case physical = "true"
        /// `replication=database`.
        case database = "database"
    }

    /// How the server was reached.
    package let mode: Mode
    /// Whether the connection is inside a base backup or a WAL stream.
    var isStreaming = false
    /// Whether the server has ended the stream on its side.
    var hasServerEnded = false
    let connection: BlockingConnection
    let cancellation: CancellationFlag?

    private init(_ connection: BlockingConnection, mode: Mode, cancellation: CancellationFlag?) {
        self.connection = connection
        self.mode = mode
        self.cancellation = cancellation
    }

    /// Connects for replication.
    ///
    /// - Parameters:
    ///   - settings: Where to and as whom. The role needs LOGIN and REPLICATION.
    ///   - cancellation: Ends this and every later call with `CancellationError`, in 200 ms.
    /// - Throws: ``PostgresError`` with a hint for the operator.
    package static func connect(
        _ settings: ConnectionSettings,
        cancellation: CancellationFlag? = nil
    ) throws -> ReplicationConnection {
        do {
            let connection = try BlockingConnection.connect(
                settings,
                replication: Mode.physical.rawValue,
                cancellation: cancellation
            )
            return ReplicationConnection(connection, mode: .physical, cancellation: cancellation)
        } catch let error as PostgresError where error.kind == .notInHostBasedAccess {
            do {
                let connection = try BlockingConnection.connect(
                    settings,
                    replication: Mode.database.rawValue,
                    cancellation: cancellation
                )
                return ReplicationConnection(connection, mode: .database, cancellation: cancellation)
            } catch let second as PostgresError where second.kind == .notInHostBasedAccess {
                // Either line would do; the one for the database serves everything else too.
                throw second
            }
        }
    }

    /// The server's version.
    package var serverVersion: ServerVersion {
        connection.serverVersion
    }

    /// The process id of the server process behind this connection.
    package var backendPID: Int32 {
        connection.backendPID
    }

    /// Whether the connection is encrypted.
    package var isEncrypted: Bool {
        connection.isEncrypted
    }

    /// Whether it can take another command, as far as is known without asking.
    package var isUsable: Bool {
        connection.isUsable && !isStreaming
    }

    /// The warnings and notices that came since the last command or call, the first 1000 of them.
    package func takeNotices() -> [Notice] {
        connection.takeNotices()
    }

    /// Runs a replication command, or `SHOW`; under ``Mode/database`` any SQL.
    ///
    /// - Parameters:
    ///   - sql: The command.
    ///   - timeout: How long it may take; by default the settings' `queryTimeout`.
    /// - Throws: ``PostgresError``, `CancellationError`.
    @discardableResult
    package func simpleQuery(_ sql: String, timeout: Duration? = nil) throws -> QueryResult {
        guard !isStreaming else { throw PostgresError(.protocolViolation, "the connection is inside a stream") }
        return try connection.simpleQuery(sql, timeout: timeout, cancellation: cancellation)
    }

    /// Asks who the server is and where its WAL ends.
    package func identifySystem() throws -> SystemIdentification {
        let row = try simpleQuery("IDENTIFY_SYSTEM").onlyRow()
        return SystemIdentification(
            systemIdentifier: try row.decode("systemid"),
            timeline: try row.decode("timeline"),
            flushPosition: try row.decode("xlogpos"),
            database: try row.decode("dbname")
        )
    }

    /// Makes a physical slot that lives as long as this connection and holds WAL from the last checkpoint on.
    ///
    /// The server drops it at the first error on this connection, a refused command included (PostgresMain in postgres.c):
    /// do nothing else on it that may fail.
    ///
    /// - Parameters:
    ///   - name: Its name: lower-case letters, digits and underscores.
    ///   - reservesWAL: Whether it holds WAL at once; else from the first stream on.
    /// - Returns: What it holds: the restart position is `nil` without `reservesWAL`.
    /// - Throws: ``PostgresError``, with a hint when max_replication_slots is reached.
    @discardableResult
    package func createTemporaryPhysicalSlot(_ name: String, reservesWAL: Bool = true) throws -> PhysicalSlot {
        let options = reservesWAL ? " (RESERVE_WAL true)" : ""
        do {
            // Its answer's consistent_point is 0/0 for every physical slot, so ask for the position.
            try simpleQuery("CREATE_REPLICATION_SLOT \(Self.quoted(name)) TEMPORARY PHYSICAL\(options)")
            guard let slot = try readReplicationSlot(name) else {
                throw PostgresError(
                    .protocolViolation,
                    "the replication slot '\(name)' is gone right after it was made"
                )
            }
            return slot
        } catch let error as PostgresError where error.sqlState == "53400" {
            throw PostgresError(
                error.kind,
                error.message,
                sqlState: error.sqlState,
                detail: error.detail,
                hint: "Raise max_replication_slots and restart the server, or drop a slot that nobody uses."
            )
        }
    }

    /// Asks where a physical slot is.
    ///
    /// - Returns: `nil` when there is no such slot.
    package func readReplicationSlot(_ name: String) throws -> PhysicalSlot? {
        let row = try simpleQuery("READ_REPLICATION_SLOT \(Self.quoted(name))").onlyRow()
        guard try row.decode("slot_type", as: String?.self) != nil else { return nil }
        return PhysicalSlot(
            restartPosition: try row.decode("restart_lsn"),
            restartTimeline: try row.decode("restart_tli")
        )
    }

    /// Drops a slot, the connection's own temporary ones included.
    package func dropReplicationSlot(_ name: String) throws {
        try simpleQuery("DROP_REPLICATION_SLOT \(Self.quoted(name))")
    }

    /// Fetches a timeline's history file. Timeline 1 has none.
    package func timelineHistory(_ timeline: TimelineID) throws -> TimelineHistory {
        let result = try simpleQuery("TIMELINE_HISTORY \(timeline.rawValue)")
        guard let row = result.rows.first, result.columns.count == 2 else {
            throw PostgresError(.protocolViolation, "the server sent no history of timeline \(timeline)")
        }
        // The server says that the content is text (or, from 16 on, bytea) but always sends the file's bytes as they are.
        let content = row.storage.bytes(row: 0, column: 1) { Array($0) } ?? []
        return TimelineHistory(fileName: try row.decode(0), content: content)
    }

    /// A setting's value by `SHOW`, which every mode and role may use for most settings.
    package func setting(_ name: String) throws -> String {
        try simpleQuery("SHOW \(Self.quoted(name))").onlyRow().decode(0)
    }

    /// A name for the replication grammar, which knows SQL's double quotes.
    static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// A string constant for the replication grammar: single quotes doubled, no escapes.
    static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
