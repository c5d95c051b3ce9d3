import Blocking
import PostgresClient
import Repository

/// Runs pg_dump or pg_dumpall and hands on what it writes, and ends it when it does not get on any more.
struct ProgramPump {
    private static let bufferBytes = 256 << 10
    /// How often somebody looks whether to stop.
    private static let slice = Duration.milliseconds(200)

    /// Knows the server when a program is silent.
    let snapshot: DumpSnapshot
    let environment: [String]
    /// The name that the program's session has at the server.
    let applicationName: String
    /// After how long without a byte one asks the server what is going on.
    let liveness: Duration
    let cancellation: CancellationFlag

    /// Runs a program to its end.
    ///
    /// - Parameter sink: Gets the bytes of its standard output, in order; what it throws ends the program.
    /// - Throws: ``BackupError`` when it fails or hangs; what `sink` throws; `CancellationError`.
    func run(_ path: String, _ arguments: [String], _ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
        let program = try ClientProgram(path, arguments, environment: environment)
        defer { program.end() }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        var lastByte = ContinuousClock.now
        while true {
            try cancellation.check()
            guard let count = try program.read(into: buffer, within: Self.slice) else {
                if lastByte.duration(to: .now) > liveness {
                    try checkProgress(of: program)
                    lastByte = .now
                }
                continue
            }
            guard count > 0 else { break }
            try sink(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            // The sink may have waited for a slow disk, which is no silence of the program.
            lastByte = .now
        }
        let status = try program.wait(cancellation)
        guard status == .exited(0) else { throw BackupError.programFailed(program, status) }
    }

    /// A program that writes nothing may wait for a lock or for a large index to be read. That its session waits for it, or is
    /// not there any more, means that they can't hear each other.
    private func checkProgress(of program: ClientProgram) throws {
        guard program.poll() == nil else { return }
        let state = try snapshot.session(named: applicationName)
        guard state != .working else { return }
        throw BackupError(
            "connectionLost",
            "\(program.name) got nothing from the server for \(liveness.components.seconds) s, "
                + (state == .gone ? "where its session is gone" : "which waits for it"),
            hint: "Check the network between this host and the server; the next run uses again what was stored already."
        )
    }
}
