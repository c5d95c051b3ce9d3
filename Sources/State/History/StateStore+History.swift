package import FoundationEssentials
import GRDB

extension StateStore {
    /// Keeps a sample. The first of each hour stays for long, the others for about two days; see ``StateLimits``.
    package func recordSample(_ sample: HistorySample) async throws {
        try await write { database in
            let hour = Int64((sample.time.timeIntervalSince1970 / 3600).rounded(.down))
            let last = try Int64.fetchOne(
                database,
                sql: "SELECT hour FROM history WHERE isFirstOfHour = 1 ORDER BY id DESC LIMIT 1"
            )
            try database.execute(
                sql: """
                    INSERT INTO history (time, hour, isFirstOfHour, health, exposureSeconds, backupAgeSeconds, backups,
                        repositoryBytes, freeBytes, isDatabaseReachable, databaseBytes, residentBytes, cpuSeconds)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    sample.time.milliseconds, hour, last != hour, sample.health, sample.exposureSeconds,
                    sample.backupAgeSeconds, sample.backups, sample.repositoryBytes, sample.freeBytes,
                    sample.isDatabaseReachable, sample.databaseBytes, sample.residentBytes, sample.cpuSeconds,
                ]
            )
            let limits = [(false, StateLimits.minuteSamples), (true, StateLimits.hourSamples)]
            for (isFirstOfHour, limit) in limits {
                try database.execute(
                    sql: """
                        DELETE FROM history WHERE isFirstOfHour = ?1 AND id <= coalesce((
                            SELECT id FROM history WHERE isFirstOfHour = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2), 0)
                        """,
                    arguments: [isFirstOfHour, limit]
                )
            }
        }
    }

    /// Samples from a time on, in the order in which they were taken.
    ///
    /// - Parameters:
    ///   - time: The oldest wanted.
    ///   - end: Only before this time.
    ///   - isHourly: Only the first of each hour.
    ///   - limit: How many at most; the newest count.
    package func samples(
        since time: Date,
        until end: Date? = nil,
        isHourly: Bool,
        limit: Int = 20_000
    ) async throws -> [HistorySample] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM history WHERE time >= ? AND time < ? AND (isFirstOfHour = 1 OR ?)
                    ORDER BY id DESC LIMIT ?
                    """,
                arguments: [time.milliseconds, end?.milliseconds ?? Int64.max, !isHourly, limit]
            ).map(HistorySample.init(row:)).reversed()
        }
    }

    /// Of each day (in UTC) from a time on the last sample of those that stay for long and know the free space.
    ///
    /// - Parameter time: The oldest wanted.
    package func dailySpaceSamples(since time: Date) async throws -> [HistorySample] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM history WHERE id IN (
                        SELECT max(id) FROM history WHERE isFirstOfHour = 1 AND time >= ? AND freeBytes IS NOT NULL
                        GROUP BY time / 86400000)
                    ORDER BY id
                    """,
                arguments: [time.milliseconds]
            ).map(HistorySample.init(row:))
        }
    }

    /// The sample that was taken last.
    package func lastSample() async throws -> HistorySample? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM history ORDER BY id DESC LIMIT 1")
                .map(HistorySample.init(row:))
        }
    }

    /// How many jobs of each kind and state are recorded.
    package func jobCounts() async throws -> [JobKind: [JobState: Int]] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT kind, state, count(*) AS jobs FROM jobs GROUP BY kind, state")
                .reduce(into: [:]) { counts, row in
                    let kind: JobKind = try row.word("kind")
                    let state: JobState = try row.word("state")
                    counts[kind, default: [:]][state] = row["jobs"]
                }
        }
    }
}

extension HistorySample {
    fileprivate init(row: Row) {
        self.init(
            time: row.date("time"),
            health: row["health"],
            exposureSeconds: row["exposureSeconds"],
            backupAgeSeconds: row["backupAgeSeconds"],
            backups: row["backups"],
            repositoryBytes: row["repositoryBytes"],
            freeBytes: row["freeBytes"],
            isDatabaseReachable: row["isDatabaseReachable"],
            databaseBytes: row["databaseBytes"],
            residentBytes: row["residentBytes"],
            cpuSeconds: row["cpuSeconds"]
        )
    }
}
