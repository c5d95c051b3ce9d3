import FoundationEssentials
import PostgresClient

/// What a snapshot of the database sees, as far as figures that are known can be recognised by it. Asking for it reads no row of the
/// application's.
///
/// Two snapshots that see the same transactions see the same rows, and a server's snapshot is told by its transactions. (On a
/// standby it isn't: the list lacks those that run.) After a crash numbers of transactions may be used again, but not by the same
/// process. That holds for plain tables: a view, a foreign table, one with children, which may be foreign, or one with row-level
/// security may show other rows though no transaction of this server changed any.
struct ReceptionSnapshot: Sendable, Hashable {
    /// The moment when it was taken, or the one that the question names, as the server prints it.
    let moment: String
    /// That moment.
    let takenAt: Date
    /// The transactions that it sees, the server's process and its start, the tables, and the beginning of the day where it matters;
    /// `nil` where these don't tell which rows there are.
    let state: String?
    /// When the last 24 hours began, in microseconds since 1970.
    let since: Int64
    /// Whether lines have `is_exit`; `nil` where the rules don't ask.
    var hasExits: Bool?

    init(moment: String, takenAt: Date, state: String?, since: Int64) {
        self.moment = moment
        self.takenAt = takenAt
        self.state = state
        self.since = since
    }

    /// Reads the row of ``statement(for:)``.
    init(_ row: Row) throws {
        moment = try row.decode("moment")
        takenAt = try row.decode("moment")
        state = try row.decode("state")
        since = try row.decode("since")
        hasExits = try row.decode("has_exits")
    }

    /// The statement that asks for it, and its parameters.
    static func statement(for question: ReceptionQuestion) -> (sql: String, parameters: [any PostgresEncodable]) {
        let times = QuestionTimes(question)
        let sql = """
            SELECT \(times.moment) AS moment, \(state(question, times)) AS state, \(microseconds(times.since)) AS since,
                   \(hasExits(question)) AS has_exits
            """
        return (sql, times.parameters)
    }

    /// The expression of ``state``, for any statement of the transaction.
    static func state(_ question: ReceptionQuestion, _ times: QuestionTimes) -> String {
        let day = times.dayStart.map { ", \($0)" } ?? ""
        let tables = question.tables.map { "'\($0.rawValue)'::regclass" }.joined(separator: ", ")
        return """
            (SELECT concat_ws(' ', txid_current_snapshot(), pg_backend_pid(), pg_postmaster_start_time(),
                              string_agg(oid::text, ' ' ORDER BY oid)\(day))
             FROM pg_class WHERE oid IN (\(tables))
             HAVING NOT pg_is_in_recovery() AND bool_and(relkind = 'r' AND NOT relhassubclass AND NOT relrowsecurity))
            """
    }

    private static func hasExits(_ question: ReceptionQuestion) -> String {
        guard question.rules.knowsExits, question.site == nil else { return "NULL::boolean" }
        return """
            EXISTS (SELECT FROM pg_attribute WHERE attrelid = '\(ReceptionTable.lines.rawValue)'::regclass
                    AND attname = '\(ReceptionTable.exitColumn)' AND NOT attisdropped)
            """
    }

    /// A time as microseconds since 1970, which is how exact the server's times are; none, and one after 285,000 years, as one then.
    static func microseconds(_ time: String) -> String {
        "least(extract(epoch FROM \(time)) * 1000000, 9e18)::bigint"
    }
}
