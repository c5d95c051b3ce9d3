import Blocking
import Logging
import PostgresClient
import Testing

@testable import recyclicd

/// What is said of a server that does not answer.
@Suite
struct DatabaseMonitorTests {
    private static let refused = PostgresError(.connectionRefused, "nobody listens", hint: "Start it.")

    /// Runs a pool whose attempts to connect end as `connect` says, and a monitor of it that has little patience.
    private func withMonitor(
        connect: @escaping @Sendable () async throws -> Void,
        _ body: (DatabaseMonitor) async throws -> Void
    ) async throws {
        var configuration = PoolConfiguration()
        configuration.initialBackoff = .seconds(600)
        configuration.maximumBackoff = .seconds(600)
        let pool = ConnectionPool(configuration, clock: ContinuousClock(), jitter: { 1 }) {
            try await connect()
            throw Self.refused
        }
        let monitor = DatabaseMonitor(
            pool: pool,
            logger: Logger(label: "test"),
            freshness: .zero,
            patience: .milliseconds(100)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            try await body(monitor)
            group.cancelAll()
        }
    }

    @Test
    func `while no new attempt is due, the reason of the last one stands`() async throws {
        try await withMonitor(connect: {}) { monitor in
            await monitor.observe()
            #expect(await monitor.observation.trouble?.message == Self.refused.message)
            for _ in 0..<2 {
                let trouble = await monitor.freshObservation().trouble
                #expect(trouble?.code == Self.refused.code && trouble?.hint == Self.refused.hint, "\(trouble as Any)")
            }
        }
    }

    @Test
    func `a silent server is called so, and the question that goes on learns more`() async throws {
        let (answers, answer) = AsyncStream.makeStream(of: Void.self)
        try await withMonitor(connect: { for await _ in answers { break } }) { monitor in
            for _ in 0..<2 { #expect(await monitor.freshObservation().trouble is ServerSilent) }
            answer.yield()
            await monitor.observe()
            #expect(await monitor.observation.trouble?.message == Self.refused.message)
        }
    }
}
