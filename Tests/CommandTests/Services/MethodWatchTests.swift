import Configuration
import Foundation
import Logging
import PostgresClient
import State
import TestSupport
import Testing

@testable import recyclicd

@Suite
struct MethodWatchTests {
    private let folder: TemporaryDirectory
    private let state: StateStore
    private let settings: SettingsStore
    private let logger = Logger(label: "test")

    init() async throws {
        folder = try TemporaryDirectory()
        state = try await StateStore.open(directory: folder.path, now: Date(timeIntervalSince1970: 1_795_348_800))
        let file = folder.path("recyclicd.env")
        try Data("BACKUP_REPOSITORY=\(folder.path("r"))\n".utf8).write(to: URL(fileURLWithPath: file))
        let result = ConfigurationLoader.load(file: file, environment: ["STATE_DIRECTORY": folder.path])
        settings = SettingsStore(try #require(result.settings), findings: [], file: file, environment: [:])
    }

    /// One of a daemon that has just been started and asks nobody.
    private func watch() -> MethodWatch {
        let monitor = DatabaseMonitor(
            pool: ConnectionPool(settings.current.connection, PoolConfiguration()),
            logger: logger
        )
        return MethodWatch(settings: settings, monitor: monitor, state: state, remembered: nil, logger: logger)
    }

    private static func observation(of cluster: String) -> DatabaseMonitor.Observation {
        .init(identity: .init(version: "15.20", systemIdentifier: cluster), wasAsked: true)
    }

    @Test
    func `which server is protected outlives the daemon, also when the server is down at its next start`() async throws
    {
        let down = DatabaseMonitor.Observation(trouble: ServerSilent(seconds: 5), wasAsked: true)
        #expect(await watch().cluster(down) == nil)
        let backedUp = KnownCluster(systemIdentifier: "1", serverVersion: "15.20", firstSeenAt: .now, lastSeenAt: .now)
        try await state.set(.knownCluster, to: backedUp)
        #expect(await watch().cluster(down) == "1")
        #expect(await watch().cluster(Self.observation(of: "2")) == "2")
        #expect(await watch().cluster(down) == "2")
        #expect(await watch().cluster(Self.observation(of: "3")) == "3")
        #expect(await watch().cluster(down) == "3")
    }
}
