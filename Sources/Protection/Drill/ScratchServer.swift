import Blocking
import Glibc
import PostgresClient
import Repository

/// The server of a drill: started on the restored copy, reached through its own socket, stopped for good.
///
/// Not Sendable: driven by the drill's thread.
final class ScratchServer {
    private let programs: ServerPrograms
    private let data: String
    private let configuration: DrillConfiguration
    private let tail = OutputTail()
    private let milestones = ServerMilestones()
    private let child: ChildProcess
    private let startedAt = ContinuousClock.now

    /// Starts it.
    init(
        programs: ServerPrograms,
        data: String,
        configuration: DrillConfiguration,
        command: ConfinedCommand
    ) throws {
        self.programs = programs
        self.data = data
        self.configuration = configuration
        let start = command.command(
            programs.path("postgres"),
            ["-D", data, "-c", "config_file=\(configuration.folder)/postgresql.conf"]
        )
        child = try ChildProcess(start.path, start.arguments) { [tail, milestones] line in
            tail.add(line)
            milestones.read(line)
        }
    }

    /// How long it took until it replayed, and from there until it was ready.
    var durations: (boot: Double, replay: Double) {
        let now = ContinuousClock.now
        let replaying = milestones.replayingSince ?? now
        return ((replaying - startedAt) / .seconds(1), (now - replaying) / .seconds(1))
    }

    /// Waits until it has recovered and takes connections.
    ///
    /// - Throws: ``DrillObstacle`` when it ends instead, or the deadline passes; `CancellationError`.
    func waitUntilReady(deadline: DrillDeadline, cancellation: CancellationFlag) throws {
        while milestones.step < .ready {
            try cancellation.check()
            try deadline.check()
            if child.poll() != nil {
                // The pipe may still hold the reason.
                try child.wait(deadline: deadline, cancellation: cancellation)
                throw ServerFailure.obstacle(interference: interference(), explanation: tail.explanation)
            }
            usleep(10_000)
        }
    }

    /// Connects to a database as a role.
    ///
    /// - Parameter keepsSearchPath: Whether names are looked up as on the source, and not in `pg_catalog` alone.
    func connect(
        database: String,
        user: String,
        keepsSearchPath: Bool = false,
        cancellation: CancellationFlag
    ) throws -> BlockingConnection {
        var settings = settings(database: database, user: user)
        settings.options = configuration.sessionOptions(keepsSearchPath: keepsSearchPath)
        return try BlockingConnection.connect(settings, cancellation: cancellation)
    }

    /// How to reach a database as a role, without any settings for the session.
    func settings(database: String, user: String) -> ConnectionSettings {
        var settings = ConnectionSettings(
            host: configuration.socketFolder,
            port: DrillConfiguration.port,
            user: user,
            database: database
        )
        settings.applicationName = "recyclicd drill"
        return settings
    }

    /// Whether it still runs.
    var isRunning: Bool { child.poll() == nil }

    /// Why it ended, as far as its log tells.
    var explanation: String { tail.explanation }

    /// What ended it, or one of its processes, from outside; `nil` when nothing did. Waits a moment for its log, in which a
    /// process's end stands later than its connection is gone.
    func interference() -> String? {
        let patience = DrillDeadline(in: .seconds(2))
        while true {
            if let line = tail.killing ?? tail.shutdown { return line }
            if let status = child.poll(), ServerFailure.isFromOutside(status) { return "\(status)" }
            if patience.hasPassed { return nil }
            usleep(20_000)
        }
    }

    /// Stops it in an orderly way.
    ///
    /// - Throws: ``DrillObstacle`` when it does not stop cleanly; `CancellationError`.
    func stop(deadline: DrillDeadline, cancellation: CancellationFlag) throws {
        child.stop()
        let status = try child.wait(deadline: deadline, cancellation: cancellation)
        guard status == .exited(0) else {
            // That it was asked to stop is our doing now.
            if ServerFailure.isFromOutside(status) || tail.killing != nil {
                throw ServerFailure.endedFromOutside(while: "stopping", tail.killing ?? "\(status)")
            }
            throw DrillObstacle.failed("the restored server did not stop cleanly: \(tail.explanation)")
        }
    }

    /// Ends it at once and waits for it.
    func kill() {
        child.kill()
        _ = try? child.wait(deadline: DrillDeadline(in: .seconds(60)), cancellation: nil)
    }

    /// Where recovery ended: the newest timeline's history file tells.
    func recoveredPosition() throws -> LSN? {
        let folder = "\(data)/pg_wal"
        let newest = try Folders.names(in: folder).filter { $0.hasSuffix(".history") && $0.count == 16 }.max()
        return try newest.flatMap { try Folders.text(of: "\(folder)/\($0)") }.flatMap {
            TimelineSwitch(history: $0)?.position
        }
    }
}
