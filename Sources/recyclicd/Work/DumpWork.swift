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

    /// Dumps one database after the other; one that fails does not keep the others from being dumped. What was stored before
    /// something ended the job is part of its result.
    ///
    /// - Parameter only: The databases to dump; `nil` for all that are wanted.
    /// - Throws: What came before the first dump was stored or had failed, and concerns all databases alike: the repository's
    ///   errors, a server that does not answer or has nothing to dump; `CancellationError`.
    func run(_ context: JobContext, only: [String]?) async throws -> JobResult {
        let settings = settings.current
        let damaged = Set(try await state.damagedObjects().compactMap { ObjectName.digest(of: $0.name) })
        let connection = settings.connection
        context.meter.enter("connecting")
        let found: DumpableDatabases
        if let named = settings.backup.dumpDatabases {
            found = DumpableDatabases(names: named)
        } else {
            found = try await onThread("dump", cancelling: context.cancellation) {
                try DumpableDatabases(asking: connection, cancellation: context.cancellation)
            }
        }
        // Also when nothing at all can be dumped: health tells what is left out.
        try await state.set(.leftOutDatabases, to: found.leftOut)
        let databases = try DumpSelection.databases(found, only: only)
        try await state.set(.dumpedDatabases, to: found.names)
        var result = JobResult()
        result.warnings = found.leftOut.texts.map { "not dumped, and so not protected by dumps: \($0)" }
        var failures = DumpFailures(databases)
        dumping: for (number, database) in databases.enumerated() {
            let repository: Repository
            do {
                // Anew for each, for its disk may have gone; the next database would find it no better.
                repository = try await self.repository.open()
            } catch is CancellationError where !result.backups.isEmpty || failures.summary != nil {
                result.wasCancelled = true
                break dumping
            } catch  where !result.backups.isEmpty || failures.summary != nil {
                failures.stop(at: number, JobFailure(error))
                break dumping
            }
            var request = DumpRequest(
                connection: connection,
                ingest: settings.ingest(excluding: damaged),
                programs: settings.postgres.binDirectory,
                tool: "recyclicd \(Version.text)",
                environment: ProcessInfo.processInfo.environment
            )
            request.connection.database = database
            request.leftOut = found.leftOut.texts
            do {
                let dump = try await dump(request, to: repository, context)
                note(dump, of: database, in: &result, context)
            } catch is CancellationError where !result.backups.isEmpty || failures.summary != nil {
                result.wasCancelled = true
                break dumping
            } catch let error as any OperatorError where !(error is RepositoryError) {
                failures.add(database, JobFailure(error))
                context.logger.warning(
                    "the dump of database \"\(database)\" failed: \(error.message)",
                    metadata: error.hint.map { [LogKey.hint: "\($0)"] } ?? [:]
                )
            } catch  where !result.backups.isEmpty || failures.summary != nil {
                // The next database would find the repository no better.
                failures.stop(at: number, JobFailure(error))
                break dumping
            }
        }
        // Who cancels has the job end as cancelled; what went wrong before is told all the same.
        if !result.wasCancelled { result.badNews = failures.summary }
        if let failure = failures.summary {
            result.report = try JSONText(encoding: DumpReport(failed: failures.remaining))
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

    private func dump(
        _ request: DumpRequest,
        to repository: Repository,
        _ context: JobContext
    ) async throws -> DumpResult {
        try await onThread("dump", cancelling: context.cancellation) {
            try DatabaseDump(
                request,
                to: repository,
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
        result.warnings += dump.findings.map {
            $0.isRemark
                ? "of database \"\(database)\" \($0.message)"
                : "the dump of \"\(database)\" is not whole: \($0.message)"
        }
    }
}
