import Blocking
import PostgresClient
import Repository

/// Runs pg_dump or pg_dumpall and hands on what it writes, and ends it when it does not get on any more.
struct ProgramPump {
    private static let bufferBytes = 256 << 10
    /// How often somebody looks whether to stop.
    private static let slice = Duration.milliseconds(200)

    /// Tells of the server when a program is silent.
    let session: ProgramSession
    let environment: [String]
    /// After how long without a byte one asks the server what is going on.
    let liveness: Duration
    let cancellation: CancellationFlag

    /// Runs a program to its end.
    ///
    /// - Parameter sink: Gets the bytes of its standard output, in order; what it throws ends the program.
    /// - Returns: What it warned of.
    /// - Throws: ``BackupError`` when it fails or hangs; what `sink` throws; `CancellationError`.
    func run(
        _ path: String,
        _ arguments: [String],
        _ sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> [BackupManifest.Finding] {
        let program = try ClientProgram(path, arguments, environment: environment)
        defer { program.end() }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        var judge = SilenceJudge(patience: liveness)
        var (silentSince, patience) = (ContinuousClock.now, liveness)
        var ticks: Int?
        while true {
            try cancellation.check()
            guard let count = try program.read(into: buffer, within: Self.slice) else {
                if silentSince.duration(to: .now) > patience {
                    let (before, now) = (ticks, program.ticks)
                    ticks = now
                    patience = try checkProgress(of: program, isComputing: Self.hasWorked(before, now), &judge)
                    silentSince = .now
                }
                continue
            }
            guard count > 0 else { break }
            try sink(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            judge.heard()
            // The sink may have waited for a slow disk, which is no silence of the program.
            (silentSince, patience) = (.now, liveness)
        }
        let status = try program.wait(cancellation)
        guard status == .exited(0) else { throw BackupError.programFailed(program, status) }
        return .warnings(of: program.name, program.messages)
    }

    /// Whether a program computes between two looks at its ticks. One that waits uses next to none.
    static func hasWorked(_ before: Int?, _ now: Int?) -> Bool {
        guard let before, let now else { return false }
        return now - before > 10
    }

    /// Asks the server what is going on.
    ///
    /// - Parameter isComputing: Whether the program computes: it may sort a large catalogue, while its session waits.
    /// - Returns: After how long without a byte to ask again.
    private func checkProgress(
        of program: ClientProgram,
        isComputing: Bool,
        _ judge: inout SilenceJudge
    ) throws -> Duration {
        guard program.poll() == nil else { return liveness }
        let sample = try session.sample(patience: liveness)
        switch judge.judge(sample == .waitingForProgram && isComputing ? .working : sample) {
        case .goOn(let patience): return patience
        case .lost(let what):
            // It may have ended while the server was asked; the end of its output says how.
            guard program.poll() == nil else { return liveness }
            throw BackupError(
                "connectionLost",
                "\(program.name) got nothing from the server for \(liveness.components.seconds) s, \(what)",
                hint:
                    "Check the network between this host and the server; the next run uses again what was stored already."
            )
        }
    }
}
