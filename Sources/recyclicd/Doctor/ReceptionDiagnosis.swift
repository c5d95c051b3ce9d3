import PostgresClient
import Protection
import Reception

/// What doctor says of live reception statistics: nothing where the application's tables are not and nobody asked for them.
struct ReceptionDiagnosis {
    /// From how many lines on indexes are worth a word.
    private static let manyRows = 50_000.0

    let connection: ConnectionSettings
    /// `LIVE_RECEPTION_STATS_ENABLED`.
    let isEnabled: Bool?
    /// Whether `SECRET_KEY` is set.
    let hasSecret: Bool

    /// Looks and judges.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func findings(_ facts: DoctorFacts) async throws -> [Diagnosis.Finding] {
        let subject = "live statistics"
        let state: ReceptionExamination
        do {
            state = try await ReceptionExamination.make(connection)
        } catch let error as PostgresError {
            guard isEnabled == true else { return [] }
            return [Diagnosis.Finding(.warning, error.code, subject, error.message, mend: [])]
        }
        guard state.report.isApplication || isEnabled == true else { return [] }
        // Switched off they are still given out, as zeros, to those who may see them.
        if let obstacle = state.report.obstacle(
            to: isEnabled == false ? [.users] : ReceptionTable.allCases,
            role: connection.user
        ) {
            return [Diagnosis.Finding(.warning, obstacle.code, subject, obstacle.message, mend: mend(obstacle, facts))]
        }
        if isEnabled == false { return [] }
        var findings = [
            Diagnosis.Finding(.ok, "receptionAvailable", subject, "the role may read the application's tables")
        ]
        if !hasSecret {
            findings.append(
                Diagnosis.Finding(
                    isEnabled == true ? .warning : .ok,
                    "noSecretKey",
                    subject,
                    "SECRET_KEY is not set, so the application's tokens can't be checked and HTTP gives no figures",
                    mend: [
                        Diagnosis.Mend(
                            .any,
                            ["# the application's key, in \(facts.setup.configurationFile):", "SECRET_KEY=…"]
                        )
                    ]
                )
            )
        }
        if !state.missingIndexes.isEmpty, state.lines > Self.manyRows {
            findings.append(
                Diagnosis.Finding(
                    .ok,
                    "receptionUnindexed",
                    subject,
                    "\(state.missingIndexes.count) indexes would make the figures faster; optional",
                    mend: [Diagnosis.Mend(.any, ["recyclicctl stats indexes"])]
                )
            )
        }
        return findings
    }

    private func mend(_ obstacle: ReceptionError, _ facts: DoctorFacts) -> [Diagnosis.Mend] {
        switch obstacle {
        case .notPermitted(let tables, _):
            Diagnosis.mends(
                running: tables.map { $0.grant(to: SetupSQL.identifier(connection.user)) },
                in: connection.database,
                facts
            )
        case .schemaNotPermitted(let schemas, _):
            Diagnosis.mends(
                running: schemas.map {
                    "GRANT USAGE ON SCHEMA \(SetupSQL.identifier($0)) TO \(SetupSQL.identifier(connection.user));"
                },
                in: connection.database,
                facts
            )
        case .rowSecurity:
            Diagnosis.mends(running: obstacle.hint.map { [$0] } ?? [], in: connection.database, facts)
        default: [Diagnosis.Mend(.any, obstacle.hint.map { ["# \($0)"] } ?? [])]
        }
    }
}
