import Blocking
import PostgresClient
import Repository

extension BackupError {
    /// What the server's words mean, and what to do; looked for in this order.
    private static let causes: [(text: String, code: String)] = [
        ("permission denied for large object", "permissionDenied"),
        ("permission denied", "permissionDenied"),
        ("query would be affected by row-level security policy", "rowSecurity"),
        // pg_dump bounds its waiting for locks so.
        ("canceling statement due to statement timeout", "tableLocked"),
        ("aborting because of server version mismatch", "clientTooOld"),
        ("terminating connection", "connectionLost"),
        ("server closed the connection", "connectionLost"),
        ("connection to server", "connectionLost"),
        ("SSL connection has been closed", "connectionLost"),
        ("could not receive data from server", "connectionLost"),
    ]

    /// A program of PostgreSQL ended badly.
    static func programFailed(_ program: ClientProgram, _ status: ChildProcess.Status) -> BackupError {
        let said = program.messages.explanation
        if said == nil || ServerFailure.isFromOutside(status) {
            return BackupError(
                "programFailed",
                "\(program.name) ended with \(status)" + (said.map { ": \($0)" } ?? " and said nothing"),
                hint: ServerFailure.isFromOutside(status)
                    ? "Look whether the machine was short of memory: journalctl -k | grep -i 'out of memory'" : nil
            )
        }
        let text = said ?? ""
        let code = causes.first { text.contains($0.text) }?.code ?? "programFailed"
        return BackupError(code, "\(program.name) failed (\(status)): \(text)")
    }

    /// The error to show for one that a dump ran into.
    static func explaining(dumping connection: ConnectionSettings, _ error: any Error) -> any Error {
        let role = SetupSQL.identifier(connection.user)
        let database = SetupSQL.identifier(connection.database)
        guard let error = error as? any OperatorError, error is BackupError || error is PostgresError else {
            return error
        }
        let hint: String?
        switch error.code {
        case "permissionDenied" where error.message.contains("large object"):
            hint =
                "GRANT SELECT ON LARGE OBJECT … TO \(role); or make it the owner: pg_read_all_data does not cover them."
        case "permissionDenied" where error.message.contains("permission denied for database"):
            hint = "Run as a superuser: GRANT CONNECT ON DATABASE \(database) TO \(role);"
        case "permissionDenied":
            hint =
                "Run as a superuser: GRANT pg_read_all_data TO \(role); ('recyclicd setup-sql --with read-data' prints it)."
        case "rowSecurity":
            hint = "Run as a superuser: ALTER ROLE \(role) BYPASSRLS; for a dump must have every row."
        case "tableLocked":
            hint =
                "Somebody holds a lock on a table: look at pg_stat_activity and pg_locks, and run the dump again later."
        case "connectionLost", "timedOut":
            hint = "Look at the server's log and whether it runs; the next run uses again what was stored already."
        default:
            hint = error.hint
        }
        return BackupError(error.code, error.message, hint: hint)
    }
}

extension BackupError {
    /// How to get roles that the server lacks, without a change to those that it has.
    static func rolesAdvice(_ id: BackupID) -> String {
        "Get them by recyclicctl export \(id) --globals --to globals.sql, and run only their lines of it with psql: the others set "
            + "the passwords and rights of roles that are there back to what they were;"
    }

    /// pg_restore could not do all of it.
    static func restoreFailed(_ problems: DumpLoader.Problems, _ id: BackupID) -> BackupError {
        if let interference = problems.interference {
            return BackupError("programFailed", "the dump was not restored: \(interference)")
        }
        let first = problems.errors.first ?? "no reason is known"
        let more = problems.count > 1 ? " (and \(problems.count - 1) more errors)" : ""
        let hint: String? =
            if first.contains("must be member of role") || first.contains("must be able to SET ROLE")
                || first.contains("must be owner")
            {
                "Name a superuser in the URL, or add --no-owner."
            } else if first.contains("tablespace") {
                "Make the tablespace, or add --no-tablespaces: then everything lies where the server puts it by default."
            } else if first.contains("permission denied to create extension") || first.contains("must be superuser") {
                "Name a superuser in the URL."
            } else if first.contains("does not exist"), first.contains("role") {
                "\(rolesAdvice(id)) or add --no-owner."
            } else {
                nil
            }
        return BackupError(
            "restoreFailed",
            "the dump was not restored: \(first)\(more)",
            hint: hint
        )
    }

    /// The code of a restore of which it is not known whether the database was replaced.
    static let outcomeUnknownCode = "outcomeUnknown"

    /// Others are connected to a database that is to be renamed, and nobody said to end their sessions.
    static func databaseInUse(_ database: String, _ sessions: [TargetSession]) -> BackupError {
        BackupError(
            "databaseInUse",
            "others are connected to \"\(database)\": \(TargetSession.list(sessions))",
            hint: "Stop them, the application say, or add --force, which ends their sessions."
        )
    }

    /// The sessions are to be ended, and the role may not.
    static func sessionsNotOurs(_ sessions: [TargetSession], in database: String, role: String) -> BackupError {
        BackupError(
            "databaseInUse",
            "others are connected to \"\(database)\" whose sessions the role \"\(role)\" may not end: "
                + TargetSession.list(sessions),
            hint: "Stop them, or name a superuser in the URL."
        )
    }

    /// A restore ended badly, and what it had made could not be taken away.
    static func leaving(_ growing: String, _ failure: any Error, after error: any Error) -> BackupError {
        let error = error as? any OperatorError
        let reason = (failure as? any OperatorError)?.message ?? "\(failure)"
        return BackupError(
            error?.code ?? "cancelled",
            "\(error?.message ?? "the restore was cancelled"); the half-made database \"\(growing)\" could not be dropped and "
                + "may still be there: \(reason)",
            hint: [
                error?.hint,
                "Drop it yourself, DROP DATABASE \(SetupSQL.identifier(growing)), or leave it to the next restore.",
            ].compactMap(\.self).joined(separator: " ")
        )
    }
}
