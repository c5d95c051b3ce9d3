import Blocking
import Configuration
import Foundation
import Logging
import PostgresClient
import Protection
import Repository
import State

/// Takes a dump of each database wanted, as one job.
struct DumpWork: Sendable {
    let settings: SettingsStore
    let state: StateStore
    let repository: RepositoryHolder

    /// A database whose dump failed.
    private struct Failed: Sendable {
        let database: String
        let failure: JobFailure
    }

    /// Dumps one database after the other; one that fails does not keep the others from being dumped.
    ///
    /// - Throws: What concerns all databases alike: the repository's errors, a server that does not answer; `CancellationError`.
    ///
    /// - Parameter only: The databases to dump; `nil` for all that are wanted.
    func run(_ context: JobContext, only: [String]?) async throws -> JobResult {
        let settings = settings.current
        let damaged = Set(try await state.damagedObjects().compactMap { ObjectName.digest(of: $0.name) })
        let connection = settings.connection
        context.meter.enter("connecting")
        var databases: [String]
        if let wanted = settings.backup.dumpDatabases {
            databases = wanted
        } else {
            databases = try await onThread("dump", cancelling: context.cancellation) {
                try DumpableDatabases.list(connection, cancellation: context.cancellation)
            }
        }
        try await state.set(.dumpedDatabases, to: databases)
        // One that is not wanted any more, or gone, is not dumped again either.
        if let only { databases = databases.filter(only.contains) }
        var result = JobResult()
        var failed: [Failed] = []
        for database in databases {
            var request = DumpRequest(
                connection: connection,
                ingest: settings.ingest(excluding: damaged),
                programs: settings.postgres.binDirectory,
                tool: "recyclicd \(Version.text)",
                environment: ProcessInfo.processInfo.environment
            )
            request.connection.database = database
            do {
                let dump = try await dump(request, context)
                note(dump, of: database, in: &result, context)
            } catch let error as RepositoryError {
                // The next database would find the repository no better.
                throw error
            } catch let error as any OperatorError {
                let failure = JobFailure(error)
                context.logger.warning(
                    "the dump of database \"\(database)\" failed: \(failure.message)",
                    metadata: failure.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
                )
                failed.append(Failed(database: database, failure: failure))
            }
        }
        result.badNews = Self.badNews(failed, of: databases.count)
        if !failed.isEmpty { result.report = try JSONText(encoding: DumpReport(failed: failed.map(\.database))) }
        if let failure = result.badNews {
            result.events.append(
                EventDraft(
                    .backupFailed,
                    .error,
                    subject: context.id.description,
                    "dump \(context.id) failed: \(failure.message)",
                    details: try? JSONText(encoding: failure)
                )
            )
        }
        return result
    }

    /// The databases whose dump failed in the last job; `nil` when that job did not come so far.
    func failedDatabases() async throws -> [String]? {
        guard let last = try await state.lastJob(.dump, states: [.succeeded, .failed, .interrupted]) else { return nil }
        return JobRecord(last)?.report(as: DumpReport.self)?.failed
    }

    private func dump(_ request: DumpRequest, _ context: JobContext) async throws -> DumpResult {
        let repository = repository
        return try await onThread("dump", cancelling: context.cancellation) {
            try DatabaseDump(
                request,
                to: try repository.openOrCreate(),
                cancellation: context.cancellation,
                progress: context.meter
            ).run()
        }
    }

    private func note(_ dump: DumpResult, of database: String, in result: inout JobResult, _ context: JobContext) {
        // The newest digest in the journal lets an operator notice a repository that was changed behind our back.
        context.logger.log(
            .backupStored,
            level: .notice,
            "stored \(dump.id) of database \"\(database)\"",
            metadata: [
                LogKey.backup: "\(dump.id)",
                LogKey.digest: "\(dump.digest.hex)",
                LogKey.logicalBytes: "\(dump.manifest.sizes.logicalBytes)",
                LogKey.addedBytes: "\(dump.manifest.sizes.addedBytes)",
            ]
        )
        result.backups.append(dump.id.description)
        result.events.append(
            WorkEvents.stored(dump.manifest, digest: dump.digest, seconds: dump.duration / .seconds(1))
        )
        result.warnings += dump.findings.map { "the dump of \"\(database)\" is not whole: \($0.message)" }
    }

    private static func badNews(_ failed: [Failed], of count: Int) -> JobFailure? {
        guard let first = failed.first else { return nil }
        let others = failed.dropFirst().map { "\"\($0.database)\"" }
        let also = others.isEmpty ? "" : "; so did \(others.joined(separator: ", "))"
        let rest = count == failed.count ? "" : " (\(count - failed.count) of \(count) databases were dumped)"
        return JobFailure(
            code: first.failure.code,
            message: "the dump of database \"\(first.database)\" failed: \(first.failure.message)\(also)\(rest)",
            hint: first.failure.hint
        )
    }
}
