package import FoundationEssentials
import GRDB

extension StateStore {
    /// Records a job that was asked for, as queued.
    ///
    /// - Parameters:
    ///   - kind: What it shall do.
    ///   - detail: What exactly.
    ///   - requestedBy: Who asked.
    ///   - now: The time.
    package func createJob(
        _ kind: JobKind,
        detail: JSONText = .emptyObject,
        requestedBy: String,
        at now: Date
    ) async throws -> Job {
        try await write { database in
            try database.execute(
                sql: "INSERT INTO jobs (kind, detail, state, requestedBy, createdAt) VALUES (?, ?, ?, ?, ?)",
                arguments: [kind.rawValue, detail.text, JobState.queued.rawValue, requestedBy, now.milliseconds]
            )
            let id = JobID(number: database.lastInsertedRowID)
            try database.execute(
                sql: """
                    DELETE FROM jobs WHERE state NOT IN ('queued', 'running') AND id < coalesce((
                        SELECT id FROM jobs WHERE state NOT IN ('queued', 'running')
                        ORDER BY id DESC LIMIT 1 OFFSET ?), 0)
                    """,
                arguments: [StateLimits.finishedJobs - 1]
            )
            return try Self.job(id, in: database)
        }
    }

    /// Records that a queued job began.
    @discardableResult
    package func startJob(_ id: JobID, at now: Date) async throws -> Job {
        try await write { database in
            try Self.checkTransition(of: id, to: .running, from: [.queued], in: database)
            try database.execute(
                sql: "UPDATE jobs SET state = 'running', startedAt = ? WHERE id = ?",
                arguments: [now.milliseconds, id.number]
            )
            return try Self.job(id, in: database)
        }
    }

    /// Records how far a running job is. Call it every few seconds, not per file: each call waits for the disk.
    package func updateJob(_ id: JobID, phase: String, progress: JobProgress) async throws {
        try await write { database in
            try Self.setProgress(of: id, phase: phase, progress: progress, in: database)
        }
    }

    /// Adds a warning to a job; beyond ``StateLimits/warningsPerJob`` they are dropped.
    package func addWarning(_ warning: String, to id: JobID) async throws {
        try await write { database in
            var warnings = try Self.job(id, in: database).warnings
            guard warnings.count < StateLimits.warningsPerJob else { return }
            warnings.append(warning)
            try database.execute(
                sql: "UPDATE jobs SET warnings = ? WHERE id = ?",
                arguments: [JSONText(encoding: warnings).text, id.number]
            )
        }
    }

    /// Records how a job ended. A job that had not begun can only be cancelled.
    ///
    /// - Parameters:
    ///   - id: The job.
    ///   - outcome: How it ended.
    ///   - progress: How far it came; `nil` leaves what was recorded.
    ///   - now: The time.
    @discardableResult
    package func finishJob(
        _ id: JobID,
        _ outcome: JobOutcome,
        progress: JobProgress? = nil,
        at now: Date
    ) async throws -> Job {
        try await write { database in
            let begun: Set<JobState> = outcome.isCancelled ? [.queued, .running] : [.running]
            try Self.checkTransition(of: id, to: outcome.state, from: begun, in: database)
            if let progress { try Self.setProgress(of: id, phase: nil, progress: progress, in: database) }
            try database.execute(
                sql: """
                    UPDATE jobs SET state = ?, finishedAt = ?, errorCode = ?, errorMessage = ?, errorHint = ?, result = ?
                    WHERE id = ?
                    """,
                arguments: [
                    outcome.state.rawValue, now.milliseconds, outcome.failure?.code, outcome.failure?.message,
                    outcome.failure?.hint, outcome.result?.text, id.number,
                ]
            )
            return try Self.job(id, in: database)
        }
    }

    /// A job, or `nil` when there is none of that number (any more).
    package func job(_ id: JobID) async throws -> Job? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM jobs WHERE id = ?", arguments: [id.number]).map(
                Job.init(row:)
            )
        }
    }

    /// Jobs, newest first.
    ///
    /// - Parameters:
    ///   - kinds: Only of these kinds; empty for all.
    ///   - states: Only in these states; empty for all.
    ///   - before: Only with a lower number, to page on.
    ///   - limit: How many at most.
    package func jobs(
        kinds: Set<JobKind> = [],
        states: Set<JobState> = [],
        before: JobID? = nil,
        limit: Int = 100
    ) async throws -> [Job] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM jobs
                    WHERE kind IN (SELECT value FROM json_each(?)) AND state IN (SELECT value FROM json_each(?)) AND id < ?
                    ORDER BY id DESC LIMIT ?
                    """,
                arguments: [
                    JSONText(encoding: (kinds.isEmpty ? Set(JobKind.allCases) : kinds).map(\.rawValue)).text,
                    JSONText(encoding: (states.isEmpty ? Set(JobState.allCases) : states).map(\.rawValue)).text,
                    before?.number ?? Int64.max, limit,
                ]
            )
            return try rows.map(Job.init(row:))
        }
    }

    /// Jobs that waited or ran in a stretch of time, oldest first.
    ///
    /// - Parameters:
    ///   - since: When it begins.
    ///   - until: When it ends.
    package func jobs(since: Date, until: Date) async throws -> [Job] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM jobs WHERE coalesce(finishedAt, ?2) >= ?1 AND createdAt < ?2 ORDER BY id
                    """,
                arguments: [since.milliseconds, until.milliseconds]
            )
            return try rows.map(Job.init(row:))
        }
    }

    /// Jobs that are queued or running, oldest first.
    package func unfinishedJobs() async throws -> [Job] {
        try await jobs(states: [.queued, .running], limit: 1000).reversed()
    }

    /// The last job of a kind that ended in one of the given ways.
    package func lastJob(_ kind: JobKind, states: Set<JobState>) async throws -> Job? {
        try await jobs(kinds: [kind], states: states, limit: 1).first
    }

    static func interruptJobs(in database: Database, at now: Date) throws -> [JobID] {
        try Int64.fetchAll(
            database,
            sql: """
                UPDATE jobs SET state = 'interrupted', finishedAt = ?, errorCode = 'interrupted',
                    errorMessage = CASE state WHEN 'queued' THEN 'recyclicd ended before the job began'
                        ELSE 'recyclicd ended while the job was running' END,
                    errorHint = 'Ask for it again if it is still wanted; nothing half-done was kept.'
                WHERE state IN ('queued', 'running') RETURNING id
                """,
            arguments: [now.milliseconds]
        ).sorted().map(JobID.init(number:))
    }

    private static func job(_ id: JobID, in database: Database) throws -> Job {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM jobs WHERE id = ?", arguments: [id.number])
        else {
            throw StateError.notFound("job \(id)")
        }
        return try Job(row: row)
    }

    private static func checkTransition(
        of id: JobID,
        to new: JobState,
        from allowed: Set<JobState>,
        in database: Database
    ) throws {
        let old = try job(id, in: database).state
        guard allowed.contains(old) else { throw StateError.wrongTransition(id, from: old, to: new) }
    }

    private static func setProgress(
        of id: JobID,
        phase: String?,
        progress: JobProgress,
        in database: Database
    ) throws {
        try database.execute(
            sql: """
                UPDATE jobs SET phase = coalesce(?, phase), bytesDone = ?, bytesTotal = ?, filesDone = ?, filesTotal = ?
                WHERE id = ? AND state = 'running'
                """,
            arguments: [
                phase, progress.bytesDone, progress.bytesTotal, progress.filesDone, progress.filesTotal, id.number,
            ]
        )
    }
}

extension Job {
    fileprivate init(row: Row) throws {
        let code: String? = row["errorCode"]
        let progress = JobProgress(
            bytesDone: row["bytesDone"],
            bytesTotal: row["bytesTotal"],
            filesDone: row["filesDone"],
            filesTotal: row["filesTotal"]
        )
        try self.init(
            id: JobID(number: row["id"]),
            kind: row.word("kind"),
            detail: row.json("detail"),
            state: row.word("state"),
            requestedBy: row["requestedBy"],
            createdAt: row.date("createdAt"),
            startedAt: row.optionalDate("startedAt"),
            finishedAt: row.optionalDate("finishedAt"),
            phase: row["phase"],
            progress: progress,
            failure: code.map { JobFailure(code: $0, message: row["errorMessage"] ?? "", hint: row["errorHint"]) },
            result: row.optionalJSON("result"),
            warnings: row.list("warnings")
        )
    }
}
