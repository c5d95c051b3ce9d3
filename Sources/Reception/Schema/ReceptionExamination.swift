package import PostgresClient

/// How a database stands with the statistics, found on a connection of its own.
package struct ReceptionExamination: Sendable {
    /// What the tables have and what lacks.
    package let report: SchemaReport
    /// The indexes that are not there; empty where a table is not.
    package let missingIndexes: [ReceptionIndexAdvice]
    /// Lines of tickets, by the server's last estimate.
    package let lines: Double

    /// Connects and looks.
    ///
    /// - Throws: ``PostgresError``; `CancellationError` when the task is cancelled.
    package static func make(_ settings: ConnectionSettings) async throws -> ReceptionExamination {
        let connection = try await Connection.connect(settings)
        defer { connection.closeSoon() }
        let timeout = Duration.seconds(10)
        let report = try await SchemaReport.read(connection, timeout: timeout)
        guard report.hasAllTables else {
            return ReceptionExamination(report: report, missingIndexes: [], lines: 0)
        }
        let states = try await ReceptionIndexState.read(connection, timeout: timeout)
        return ReceptionExamination(
            report: report,
            missingIndexes: states.filter { $0.presentAs == nil }.map(\.advice),
            lines: states.first { $0.advice.table == .lines }?.rows ?? 0
        )
    }
}
