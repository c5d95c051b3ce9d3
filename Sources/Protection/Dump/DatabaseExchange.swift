import Blocking
import Glibc
import PostgresClient

/// Gives the database that grew the name of the target, and the one that had it another name, in one transaction.
///
/// Nobody is locked out for it by a setting, which would stay when this process dies. While RENAME waits for the last sessions to
/// end, five seconds at most, it holds the lock that every new session needs (`CountOtherDBBackends` and `InitPostgres` in
/// PostgreSQL's sources): who comes waits, and then finds the new database, or none of that name and comes again.
struct DatabaseExchange {
    /// How long sessions may take to end.
    private static let patience = Duration.seconds(20)

    /// The server, and the target as its database.
    let target: ConnectionSettings
    /// The database that grew.
    let growing: String
    /// What the one is called afterwards that has the target's name; `nil` when none has.
    let old: String?
    /// Whether sessions in that one are ended.
    let endsSessions: Bool
    /// How long to look for what came of a transaction whose end got lost.
    let outcomePatience: Duration
    /// What gives the new one its properties.
    let optional: [[String]]
    /// Looked at until the names are changed; from then on there is no way back.
    let cancellation: CancellationFlag

    /// Exchanges them.
    ///
    /// - Returns: Which of the properties could not be set.
    /// - Throws: ``BackupError`` when somebody is connected; ``PostgresError``; `CancellationError`. Nothing was done then, unless
    ///   it is `outcomeUnknown`.
    func perform() throws -> [String] {
        try cancellation.check()
        // A new session, since the one that made the database may be gone. A flag that nobody sets: after COMMIT was sent, giving
        // up would only mean not to know.
        let server = try TargetServer(target, cancellation: CancellationFlag())
        guard let id = try server.id(of: growing) else {
            throw BackupError("restoreFailed", "somebody dropped the database \"\(growing)\", which was being restored")
        }
        let oldID = try server.id(of: target.database)
        guard (oldID != nil) == (old != nil) else {
            throw RestoreError(
                .targetNotEmpty,
                "the database \"\(target.database)\" appeared or went while the dump was restored"
            )
        }
        let ender = SessionEnder(target, id: endsSessions ? oldID : nil, growing: growing)
        defer { ender.stop() }
        let deadline = DrillDeadline(in: Self.patience)
        while true {
            var failures: [String] = []
            do {
                try server.transaction(needed, optional: optional, failures: &failures)
                return failures
            } catch let error as PostgresError where error.sqlState == "55006" {
                try cancellation.check()
                if let obstacle = try obstacle(server, error, isLast: deadline.hasPassed) { throw obstacle }
            } catch let error as PostgresError where !server.isUsable {
                guard try hasHappened(id, error) else { throw error }
                return failures
            }
        }
    }

    private var needed: [String] {
        let new = SetupSQL.identifier(target.database)
        let half = SetupSQL.identifier(growing)
        var statements = ["COMMENT ON DATABASE \(half) IS NULL"]
        if let old { statements.append("ALTER DATABASE \(new) RENAME TO \(SetupSQL.identifier(old))") }
        return statements + ["ALTER DATABASE \(half) RENAME TO \(new)"]
    }

    /// Why the databases can't be renamed; `nil` when it is worth trying again.
    private func obstacle(_ server: TargetServer, _ error: PostgresError, isLast: Bool) throws -> BackupError? {
        for (database, isEnded) in [(target.database, endsSessions), (growing, true)] {
            let sessions = try server.sessions(in: database)
            let foreign = sessions.filter { !$0.isOurs }
            if isEnded, !foreign.isEmpty { return .sessionsNotOurs(foreign, in: database, role: target.user) }
            if !sessions.isEmpty, !isEnded { return .databaseInUse(database, sessions) }
            if !sessions.isEmpty, isLast {
                return BackupError(
                    "databaseInUse",
                    "the sessions in \"\(database)\" did not end: \(TargetSession.list(sessions))",
                    hint: "Stop what makes them, the application say."
                )
            }
        }
        guard isLast else { return nil }
        // No session, but a prepared transaction, say.
        return BackupError("databaseInUse", [error.message, error.detail].compactMap(\.self).joined(separator: ": "))
    }

    /// What came of the transaction, whose end got lost with the connection.
    private func hasHappened(_ id: Int64, _ error: PostgresError) throws -> Bool {
        let deadline = DrillDeadline(in: outcomePatience)
        while true {
            do {
                return try TargetServer(target, cancellation: CancellationFlag()).id(of: target.database) == id
            } catch let failure as PostgresError {
                guard failure.isTransient, !deadline.hasPassed else {
                    throw BackupError(
                        BackupError.outcomeUnknownCode,
                        "the connection was lost while the databases were renamed, and it is not known whether they were: "
                            + error.message,
                        hint: "See with psql -l: while \"\(growing)\" is there, nothing has changed."
                    )
                }
                usleep(200_000)
            }
        }
    }
}
