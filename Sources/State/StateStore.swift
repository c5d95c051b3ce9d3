import Blocking
package import FoundationEssentials
import GRDB
import Synchronization

/// The daemon's own memory: jobs, events, what was verified when, drills and a few single values.
///
/// It lies in one SQLite file in WAL mode with full synchronisation: what a method recorded is there after `kill -9` and
/// after a power cut. Nothing a restore needs lies in it. The truth about backups is in the repository, so a file that
/// can't be read is set aside and a new one begun.
///
/// All methods may be called from anywhere at any time. The work is done on the database's own queue, never on the
/// cooperative threads; a call takes a few milliseconds on a disk that keeps up. Writes are not cut short when the
/// calling task is cancelled: a cancelled job must be able to record that it was.
package final class StateStore: Sendable {
    /// What was found when the store was opened.
    package let opening: StateOpening
    private let queue: DatabaseQueue
    /// Told of each event.
    let eventSignal = EventSignal()
    /// What the file is being asked at the moment, or was asked last; whoever wants to know waits for the same answer.
    private let question = Mutex<ThreadWork<Void>?>(nil)

    private init(queue: DatabaseQueue, opening: StateOpening) {
        self.queue = queue
        self.opening = opening
    }

    /// Opens `<directory>/state.sqlite`, makes it if need be, brings its tables up to date, and marks jobs that an earlier
    /// process left queued or running as interrupted. What it found is recorded as events, too.
    ///
    /// - Parameters:
    ///   - directory: An existing folder, `STATE_DIRECTORY`.
    ///   - now: The time.
    /// - Throws: ``StateError`` when there can't be a file: no folder, no right, no space. A damaged file is no reason.
    package static func open(directory: String, now: Date) async throws -> StateStore {
        try await onThread("state") {
            let file = StateFile(path: "\(directory)/state.sqlite")
            try file.prepare()
            var setAside: StateOpening.SetAside?
            let queue: DatabaseQueue
            do {
                queue = try openDatabase(file.path)
            } catch let error as DatabaseError where error.isDamage {
                let path = try file.setAside(as: "damaged", at: now)
                setAside = .init(path: path, reason: error.message ?? error.resultCode.description)
                queue = try openNewDatabase(file)
            } catch is NewerSchema {
                let path = try file.setAside(as: "newer", at: now)
                setAside = .init(path: path, reason: "it was written by a newer version of recyclicd")
                queue = try openNewDatabase(file)
            } catch let error as DatabaseError {
                throw StateError.unusableFile(file.path, error.message ?? error.resultCode.description)
            }
            return try finishOpening(queue, setAside: setAside, isPersistent: true, now: now)
        }
    }

    /// A store that forgets everything when the process ends; for the case that ``open(directory:now:)`` throws and the
    /// daemon shall protect the database nevertheless.
    ///
    /// - Parameter now: The time.
    package static func inMemory(now: Date) async throws -> StateStore {
        try await onThread("state") {
            let queue = try DatabaseQueue()
            try StateSchema.migrator.migrate(queue)
            return try finishOpening(queue, setAside: nil, isPersistent: false, now: now)
        }
    }

    /// Closes the file after the calls under way; later calls throw.
    package func close() async throws {
        let queue = queue
        try await onThread("state") { try queue.close() }
    }

    /// Looks whether calls are answered: all wait for one that hangs.
    ///
    /// - Parameter patience: How long to wait at most; not at all while an earlier question has had no answer for that long.
    /// - Throws: ``StateError``, `stateSilent` when there is no answer in time.
    package func checkAnswers(within patience: Duration) async throws {
        let asked = question.withLock { question in
            if let question, question.outcome == nil { return question }
            let asked = ThreadWork<Void> { finish in
                queue.asyncRead { access in
                    finish(Result { _ = try Int.fetchOne(access.get(), sql: "SELECT count(*) FROM sqlite_schema") })
                }
            }
            question = asked
            return asked
        }
        guard let outcome = await asked.outcome(within: patience - asked.age) else {
            try Task.checkCancellation()
            throw StateError.silent(URL(filePath: queue.path).deletingLastPathComponent().path)
        }
        do { try outcome.get() } catch { throw Self.operatorError(error) }
    }

    /// Runs a transaction; `work` sees no other call's half-done changes.
    func write<Result: Sendable>(_ work: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncWrite(work) { _, result in
                continuation.resume(with: result.mapError(Self.operatorError))
            }
        }
    }

    /// Runs queries that see one state of the data.
    func read<Result: Sendable>(_ work: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.asyncRead { access in
                let result = Swift.Result { try work(access.get()) }
                continuation.resume(with: result.mapError(Self.operatorError))
            }
        }
    }

    private static func operatorError(_ error: any Error) -> any Error {
        (error as? DatabaseError).map(StateError.database) ?? error
    }
}

extension StateStore {
    /// The file was last written by a version whose tables this one does not know.
    private struct NewerSchema: Error {}

    private static func openNewDatabase(_ file: StateFile) throws -> DatabaseQueue {
        do {
            try file.prepare()
            return try openDatabase(file.path)
        } catch let error as DatabaseError {
            throw StateError.unusableFile(file.path, error.message ?? error.resultCode.description)
        }
    }

    private static func openDatabase(_ path: String) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.journalMode = .wal
        // Another process has the file open only while someone looks into it by hand.
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            // GRDB chooses NORMAL with WAL, which may lose the last transactions in a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // The file has a few MB at most, so the thorough check costs less than a wrong answer would.
            let findings = try String.fetchAll(database, sql: "PRAGMA integrity_check(1)")
            guard findings == ["ok"] else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: findings.joined(separator: "; "))
            }
        }
        let migrator = StateSchema.migrator
        guard try !queue.read(migrator.hasBeenSuperseded) else { throw NewerSchema() }
        try migrator.migrate(queue)
        return queue
    }

    private static func finishOpening(
        _ queue: DatabaseQueue,
        setAside: StateOpening.SetAside?,
        isPersistent: Bool,
        now: Date
    ) throws -> StateStore {
        do {
            let interrupted = try queue.write { database in
                let interrupted = try interruptJobs(in: database, at: now)
                if let setAside {
                    let message =
                        "the state file could not be read and was set aside as '\(setAside.path)': \(setAside.reason)"
                    try insertEvent(
                        in: database,
                        time: now,
                        kind: EventKind.stateSetAside.rawValue,
                        severity: .warning,
                        subject: setAside.path,
                        message:
                            "\(message); jobs, events and drills before now are no longer listed, backups are whole"
                    )
                }
                for job in interrupted {
                    try insertEvent(
                        in: database,
                        time: now,
                        kind: EventKind.jobInterrupted.rawValue,
                        severity: .warning,
                        subject: job.description,
                        message: "job \(job) had not ended when recyclicd ended"
                    )
                }
                return interrupted
            }
            let opening = StateOpening(setAside: setAside, interruptedJobs: interrupted, isPersistent: isPersistent)
            return StateStore(queue: queue, opening: opening)
        } catch {
            throw operatorError(error)
        }
    }
}
