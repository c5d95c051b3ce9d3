import FoundationEssentials
import PostgresClient

/// What a snapshot of the database sees, as far as figures that are known can be recognised by it. Asking for it touches no table.
///
/// Two snapshots that see the same transactions see the same rows, and a server's snapshot is told by its transactions. (On a
/// standby it isn't: the list lacks those that run.) After a crash numbers of transactions may be used again, but not by the same
/// process.
struct ReceptionSnapshot: Sendable, Hashable {
    /// When it was taken, or the moment that the question names.
    let takenAt: Date
    /// The transactions that it sees, the server's process and its start, the schemas where tables are looked for, and the beginning of
    /// the day where it matters; `nil` when the server can't say.
    let state: String?
    /// When the last 24 hours began, in microseconds since 1970.
    let since: Int64

    init(takenAt: Date, state: String?, since: Int64) {
        self.takenAt = takenAt
        self.state = state
        self.since = since
    }

    /// Reads the row of ``statement(for:)``.
    init(_ row: Row) throws {
        takenAt = try row.decode("taken_at")
        state = try row.decode("state")
        since = try row.decode("since")
    }

    /// The statement that asks for it, and its parameters.
    static func statement(for question: ReceptionQuestion) -> (sql: String, parameters: [any PostgresEncodable]) {
        let times = QuestionTimes(question)
        let day = times.dayStart.map { ", \($0)" } ?? ""
        let sql = """
            SELECT \(times.moment) AS taken_at,
                   CASE WHEN NOT pg_is_in_recovery()
                        THEN concat_ws(' ', txid_current_snapshot(), pg_backend_pid(), pg_postmaster_start_time(),
                                       current_schemas(false)\(day)) END AS state,
                   \(microseconds(times.since)) AS since
            """
        return (sql, times.parameters)
    }

    /// A time as microseconds since 1970, which is how exact the server's times are; none, and one after 285,000 years, as one then.
    static func microseconds(_ time: String) -> String {
        "least(extract(epoch FROM \(time)) * 1000000, 9e18)::bigint"
    }
}
