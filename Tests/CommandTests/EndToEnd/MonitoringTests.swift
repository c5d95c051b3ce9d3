import Foundation
import TestSupport
import Testing

/// What scrapers see of the real daemon.
@Suite(.serialized)
struct MonitoringTests {
    private func get(_ daemon: DaemonUnderTest, _ path: String) async throws -> HTTPProbe.Answer {
        let place = HTTPProbe.Place.socket(daemon.httpSocket)
        return try await onOwnThread { try HTTPProbe.get(place, path) }
    }

    @Test
    func `metrics and health follow what happens`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        var metrics = ""
        let isCollected = try await eventually {
            metrics = (try? await get(daemon, "/metrics"))?.body ?? ""
            return metrics.contains("\nrecyclic_backups 0\n")
        }
        #expect(isCollected && metrics.contains("\nrecyclic_exposure_seconds +Inf\n"), "\(metrics)\n\(daemon.log)")
        #expect(try await get(daemon, "/readyz").status == 200)
        let healthBefore = try await get(daemon, "/healthz")
        #expect(
            healthBefore.body.contains("\"noBackup\"") && healthBefore.headers["content-type"] == "application/json"
        )

        try await daemon.backUp()
        let isUpToDate = try await eventually(within: .seconds(180)) {
            metrics = try await get(daemon, "/metrics").body
            return metrics.contains("\nrecyclic_backups 1\n")
        }
        #expect(isUpToDate, "\(metrics)")
        #expect(metrics.contains("\nrecyclic_database_up 1\n") && metrics.contains("\nrecyclic_database_size_bytes "))
        #expect(metrics.contains(#"recyclic_backup_last_added_bytes{kind="base"}"#))
        let text = metrics
        let verdict = try await onOwnThread { try Program.run("promtool", ["check", "metrics"], input: text) }
        #expect(verdict.status == 0 && verdict.output + verdict.errors == "", "\(verdict)")
        #expect(try await get(daemon, "/nothing").status == 404)
        try await scene.end()
        #expect(!FileManager.default.fileExists(atPath: daemon.httpSocket))
    }

    @Test
    func `an address that is taken does not keep the daemon from its work`() async throws {
        let scene = try await Scene.make()
        let other = try DaemonUnderTest(
            ["POSTGRES_HOST": scene.server.socketDirectory, "HTTP_LISTEN": scene.daemon.httpSocket]
        )
        other.expectError("metrics can't be served")
        let isServing = try await eventually { (try? await get(scene.daemon, "/metrics"))?.status == 200 }
        #expect(isServing)
        try await other.start()
        try await other.backUp()
        let isTold = try await eventually { other.log.contains("another process listens") }
        #expect(isTold, "\(other.log)")
        try await other.stop()
        try await scene.end()
    }
}
