package import FoundationEssentials
import GRDB

extension StateStore {
    /// Records a drill that came to its end.
    ///
    /// - Returns: The drill with its number.
    @discardableResult
    package func recordDrill(_ drill: DrillRecord) async throws -> DrillRecord {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO drills (jobID, backupID, startedAt, finishedAt, verdict, reason, phases, checks, acknowledgedAt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    drill.jobID?.number, drill.backupID, drill.startedAt.milliseconds, drill.finishedAt.milliseconds,
                    drill.verdict.rawValue, drill.reason, JSONText(encoding: drill.phases).text,
                    JSONText(encoding: drill.checks).text, drill.acknowledgedAt?.milliseconds,
                ]
            )
            var recorded = drill
            recorded.id = database.lastInsertedRowID
            try database.execute(
                sql: """
                    DELETE FROM drills WHERE id <= ?
                    AND id <> coalesce((SELECT max(id) FROM drills WHERE verdict = 'passed'), 0)
                    """,
                arguments: [recorded.id - Int64(StateLimits.drills)]
            )
            return recorded
        }
    }

    /// Drills, newest first.
    ///
    /// - Parameters:
    ///   - backupID: Only of this backup.
    ///   - verdict: Only with this verdict.
    ///   - limit: How many at most.
    package func drills(
        backupID: String? = nil,
        verdict: DrillVerdict? = nil,
        limit: Int = 100
    ) async throws -> [DrillRecord] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM drills WHERE (?1 IS NULL OR backupID = ?1) AND (?2 IS NULL OR verdict = ?2)
                    ORDER BY id DESC LIMIT ?3
                    """,
                arguments: [backupID, verdict?.rawValue, limit]
            )
            return try rows.map(DrillRecord.init(row:))
        }
    }

    /// Drills that were at work in a stretch of time, oldest first.
    ///
    /// - Parameters:
    ///   - since: When it begins.
    ///   - until: When it ends.
    package func drills(since: Date, until: Date) async throws -> [DrillRecord] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM drills WHERE finishedAt >= ? AND startedAt < ? ORDER BY id",
                arguments: [since.milliseconds, until.milliseconds]
            )
            return try rows.map(DrillRecord.init(row:))
        }
    }

    /// The last drill; with a verdict, the last that came to it.
    package func lastDrill(verdict: DrillVerdict? = nil) async throws -> DrillRecord? {
        try await drills(verdict: verdict, limit: 1).first
    }

    /// A drill by its number.
    package func drill(_ id: Int64) async throws -> DrillRecord? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM drills WHERE id = ?", arguments: [id])
                .map(DrillRecord.init(row:))
        }
    }

    /// The drill that a job made.
    package func drill(ofJob id: JobID) async throws -> DrillRecord? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM drills WHERE jobID = ?", arguments: [id.number])
                .map(DrillRecord.init(row:))
        }
    }

    /// Records that an operator knows of a drill's verdict.
    package func acknowledgeDrill(_ id: Int64, at now: Date) async throws {
        try await write { database in
            try database.execute(
                sql: "UPDATE drills SET acknowledgedAt = coalesce(acknowledgedAt, ?) WHERE id = ?",
                arguments: [now.milliseconds, id]
            )
            guard database.changesCount == 1 else { throw StateError.notFound("drill \(id)") }
        }
    }
}

extension DrillRecord {
    fileprivate init(row: Row) throws {
        try self.init(
            id: row["id"],
            jobID: (row["jobID"] as Int64?).map(JobID.init(number:)),
            backupID: row["backupID"],
            startedAt: row.date("startedAt"),
            finishedAt: row.date("finishedAt"),
            verdict: row.word("verdict"),
            reason: row["reason"],
            phases: row.list("phases"),
            checks: row.list("checks"),
            acknowledgedAt: row.optionalDate("acknowledgedAt")
        )
    }
}
