import State

/// What went wrong in a dump job, and how that is told. Pure.
struct DumpFailures: Sendable {
    private let databases: [String]
    private var failed: [(database: String, failure: JobFailure)] = []
    private var untried: [String] = []

    /// - Parameter databases: All that the job dumps, in order.
    init(_ databases: [String]) {
        self.databases = databases
    }

    /// The dump of one database failed; the next one is tried.
    mutating func add(_ database: String, _ failure: JobFailure) {
        failed.append((database, failure))
    }

    /// The dump of a database failed for what would end the next one as well. It is told first.
    ///
    /// - Parameter number: The database's place in the list.
    mutating func stop(at number: Int, _ failure: JobFailure) {
        failed.insert((databases[number], failure), at: 0)
        untried = Array(databases[(number + 1)...])
    }

    /// The databases that were not dumped, for the next attempt.
    var remaining: [String] { failed.map(\.database) + untried }

    /// How many reasons are told in full: a job's error is one sentence, and each is in the log as well.
    private static let maximumReasons = 3

    /// All of it as one failure; `nil` when every database was dumped.
    var summary: JobFailure? {
        guard let first = failed.first else { return nil }
        var message = "the dump of database \"\(first.database)\" failed: \(first.failure.message)"
        // Together what failed for the same reason, in the order in which the reasons came.
        var reasons: [(message: String, databases: [String])] = []
        for (database, failure) in failed.dropFirst() {
            if let index = reasons.firstIndex(where: { $0.message == failure.message }) {
                reasons[index].databases.append(database)
            } else {
                reasons.append((failure.message, [database]))
            }
        }
        if let same = reasons.firstIndex(where: { $0.message == first.failure.message }) {
            message += "; so did \(Self.names(reasons.remove(at: same).databases))"
        }
        for reason in reasons.prefix(Self.maximumReasons - 1) {
            message += "; that of \(Self.names(reason.databases)): \(reason.message)"
        }
        let others = reasons.dropFirst(Self.maximumReasons - 1).flatMap(\.databases)
        if !others.isEmpty { message += "; that of \(Self.names(others)) failed, too" }
        if !untried.isEmpty { message += "; not tried: \(Self.names(untried))" }
        let dumped = databases.count - remaining.count
        if dumped > 0 { message += " (\(dumped) of \(databases.count) databases were dumped)" }
        return JobFailure(code: first.failure.code, message: message, hint: first.failure.hint)
    }

    private static func names(_ databases: [String]) -> String {
        databases.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
