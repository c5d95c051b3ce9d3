import Blocking
import Repository
import TestSupport
import Testing

@testable import Protection

/// Folders for drills of a fixture's backups.
struct DrillBench {
    let fixture: RestoreFixture
    let directory: String
    let runtime: String
    private let scratch: TemporaryDirectory

    init(_ fixture: RestoreFixture) throws {
        self.fixture = fixture
        scratch = try TemporaryDirectory(prefix: "rd")
        directory = scratch.path("drills")
        runtime = scratch.path("run")
    }

    func options() -> DrillOptions {
        var options = DrillOptions(jobID: "j1", directory: directory, runtimeDirectory: runtime)
        options.programs = fixture.source.binaries.directory
        options.timeout = .seconds(120)
        return options
    }

    func run(
        _ manifest: BackupManifest,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: ProgressMeter = ProgressMeter(),
        _ change: (inout DrillOptions) -> Void = { _ in }
    ) throws -> DrillResult {
        var options = options()
        change(&options)
        let contents = try BackupContents(repository: fixture.repository, manifest: manifest)
        return try Drill(contents, options: options, cancellation: cancellation, progress: progress).run()
    }

    /// No scratch folder, no socket folder, no server.
    func expectNothingLeft() throws {
        #expect((try? Folders.names(in: directory)) ?? [] == [])
        #expect((try? Folders.names(in: runtime)) ?? [] == [])
        #expect(RunningServers.list().filter { $0.directory.hasPrefix(directory) }.isEmpty)
    }
}

extension RestoreFixture {
    /// Overwrites part of a file of the (stopped) source.
    func damageFile(_ path: String, at offset: Int64, count: Int) throws {
        let file = try OpenFile.open(path, 1)  // O_WRONLY
        try [UInt8](repeating: 0xA5, count: count).withUnsafeBytes { try file.write($0, at: offset) }
    }
}
