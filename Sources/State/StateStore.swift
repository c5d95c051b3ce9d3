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
    /// Where everything is kept.
    private struct Place {
        var queue: DatabaseQueue
        var opening: StateOpening
    }

    /// A call came to its turn when everything had been moved to the file.
    private struct Moved: Error {}

    /// Changes once at most: from memory to a file that can be opened after all.
    private let place: Mutex<Place>
    private var queue: DatabaseQueue { place.withLock { $0.queue } }
    /// What was found when the store was opened, or carried on with its file.
    package var opening: StateOpening { place.withLock { $0.opening } }
    /// Told of each event.
    let eventSignal = EventSignal()
    /// What the file is being asked at the moment, or was asked last; whoever wants to know waits for the same answer.
    private let question = Mutex<ThreadWork<Void>?>(nil)

    private init(queue: DatabaseQueue, opening: StateOpening) {
        place = Mutex(Place(queue: queue, opening: opening))
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
            let (queue, setAside) = try openFile(directory, now: now)
            return try finishOpening(queue, setAside: setAside, isPersistent: true, now: now)
        }
    }

    /// A store that forgets everything when the process ends, unless it can carry on with its file (``carryOn(directory:now:)``);
    /// for the case that ``open(directory:now:)`` throws and the daemon shall protect the database nevertheless.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - numbersFrom: The first number of jobs, drills, events and the like. So high that the file has none of them, all can be
    ///     written there as they are.
    package static func inMemory(now: Date, numbersFrom first: Int64 = 1) async throws -> StateStore {
        try await onThread("state") {
            let queue = try DatabaseQueue()
            try StateSchema.migrator.migrate(queue)
            try queue.write { try StateMerge.number($0, from: first) }
            return try finishOpening(queue, setAside: nil, isPersistent: false, now: now)
        }
    }

    /// Carries on with `<directory>/state.sqlite`, if that can be opened by now, in place of the memory; what was recorded there
    /// is written to the file, to what it holds from earlier. Calls under way wait, and go on with the file.
    ///
    /// - Parameters:
    ///   - directory: An existing folder, `STATE_DIRECTORY`.
    ///   - now: The time.
    /// - Returns: What was written, by table; `nil` when everything is in a file already.
    /// - Throws: ``StateError`` as ``open(directory:now:)``, and when not all could be written: then everything is as it was.
    package func carryOn(directory: String, now: Date) async throws -> [String: Int]? {
        try await onThread("state") {
            let memory = self.queue
            guard !self.opening.isPersistent else { return nil }
            let (file, found) = try Self.openFile(directory, now: now)
            // Where the last attempt set one aside, and could not write after that, it is still to be told.
            let setAside = found ?? self.opening.setAside
            do {
                // No other call has its turn meanwhile; whichever comes after it finds that this is not the place any more.
                return try memory.write { source in
                    let (interrupted, written) = try file.write { target in
                        let interrupted = try Self.begin(in: target, setAside: setAside, now: now)
                        return (interrupted, try StateMerge.write(source, to: target, now: now))
                    }
                    let opening = StateOpening(setAside: setAside, interruptedJobs: interrupted, isPersistent: true)
                    self.place.withLock { $0 = Place(queue: file, opening: opening) }
                    return written
                }
            } catch {
                self.place.withLock { $0.opening.setAside = setAside }
                throw Self.operatorError(error)
            }
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
        try await repeatingIfMoved { queue in
            try await withCheckedThrowingContinuation { continuation in
                queue.asyncWrite { database in
                    guard self.isPlace(queue) else { throw Moved() }
                    return try work(database)
                } completion: { _, result in
                    continuation.resume(with: result.mapError(Self.operatorError))
                }
            }
        }
    }

    /// Runs queries that see one state of the data.
    func read<Result: Sendable>(_ work: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        try await repeatingIfMoved { queue in
            try await withCheckedThrowingContinuation { continuation in
                queue.asyncRead { access in
                    let result = Swift.Result {
                        guard self.isPlace(queue) else { throw Moved() }
                        return try work(access.get())
                    }
                    continuation.resume(with: result.mapError(Self.operatorError))
                }
            }
        }
    }

    /// Makes a call, again if everything was moved before it had its turn.
    private func repeatingIfMoved<Result>(_ call: (DatabaseQueue) async throws -> Result) async throws -> Result {
        while true {
            do { return try await call(queue) } catch is Moved {}
        }
    }

    private func isPlace(_ queue: DatabaseQueue) -> Bool { place.withLock { $0.queue === queue } }

    private static func operatorError(_ error: any Error) -> any Error {
        (error as? DatabaseError).map(StateError.database) ?? error
    }
}

extension StateStore {
    /// The file was last written by a version whose tables this one does not know.
    private struct NewerSchema: Error {}

    /// Opens the file; one that is damaged or newer is set aside, and a new one is made.
    ///
    /// Blocks.
    private static func openFile(
        _ directory: String,
        now: Date
    ) throws -> (queue: DatabaseQueue, setAside: StateOpening.SetAside?) {
        let file = StateFile(path: "\(directory)/state.sqlite")
        try file.prepare()
        do {
            return (try openDatabase(file.path), nil)
        } catch let error as DatabaseError where error.isDamage {
            let path = try file.setAside(as: "damaged", at: now)
            let reason = error.message ?? error.resultCode.description
            return (try openNewDatabase(file), .init(path: path, reason: reason))
        } catch is NewerSchema {
            let path = try file.setAside(as: "newer", at: now)
            return (
                try openNewDatabase(file), .init(path: path, reason: "it was written by a newer version of recyclicd")
            )
        } catch let error as DatabaseError {
            throw StateError.unusableFile(file.path, error.message ?? error.resultCode.description)
        }
    }

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
            let interrupted = try queue.write { try begin(in: $0, setAside: setAside, now: now) }
            let opening = StateOpening(setAside: setAside, interruptedJobs: interrupted, isPersistent: isPersistent)
            return StateStore(queue: queue, opening: opening)
        } catch {
            throw operatorError(error)
        }
    }

    /// Marks what an earlier process left as interrupted, and records that and what was found.
    private static func begin(
        in database: Database,
        setAside: StateOpening.SetAside?,
        now: Date
    ) throws -> [JobID] {
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
}
