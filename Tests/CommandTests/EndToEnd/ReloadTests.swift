import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// A configuration and a clock that change while the daemon runs.
@Suite(.serialized)
struct ReloadTests {
    @Test
    func `SIGHUP takes a good configuration and leaves the present one in force for a bad one`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        try await daemon.backUp()
        let settings = ["POSTGRES_HOST": scene.server.socketDirectory]
        #expect(try await nextBackup(daemon) == nil)

        // Half a day away, so that the time does not come while this runs.
        let environment = daemon.environment
        let hour = try await onOwnThread {
            try Program.run("date", ["-d", "12 hours", "+%H"], environment: environment)
        }
        try daemon.configure(settings.merging(["BACKUP_SCHEDULE": "daily \(hour.output.prefix(2)):00"]) { $1 })
        daemon.kill(SIGHUP)
        let isTaken = try await eventually { daemon.log.contains("configuration read again") }
        #expect(isTaken, "\(daemon.log)")
        let planned = try #require(try await nextBackup(daemon))

        daemon.expectError("the configuration was not taken")
        try daemon.configure(settings.merging(["BACKUP_SCHEDULE": "now and then"]) { $1 })
        daemon.kill(SIGHUP)
        let isRefused = try await eventually { daemon.log.contains("the configuration was not taken") }
        #expect(isRefused && daemon.log.contains("now and then"), "\(daemon.log)")
        #expect(try await nextBackup(daemon) == planned)
        try await scene.end()
    }

    @Test
    func `a clock that was set is told`() async throws {
        let scene = try await Scene.make()
        let daemon = scene.daemon
        let isNoted = try await eventually {
            try await daemon.executeInState("SELECT count(*) FROM key_values WHERE name = 'clockMark'") == "1"
        }
        #expect(isNoted)
        #expect(try await clockReason(daemon) == nil)
        try await daemon.stop()
        // As if the clock had been set back by two hours since the daemon looked at it.
        try await daemon.executeInState(
            """
            UPDATE key_values SET value = json_set(value, '$.wallTime', json_extract(value, '$.wallTime') + 7200)
            WHERE name = 'clockMark'
            """
        )
        try await daemon.start()
        let isTold = try await eventually { try await clockReason(daemon)?.contains("set back by 2 h") ?? false }
        #expect(isTold)
        try await scene.end()
    }

    private func nextBackup(_ daemon: DaemonUnderTest) async throws -> String? {
        let status = try JSONValue(parsing: try await daemon.ctl("status", "--json").output)
        let runs = status["nextRuns"]?.arrayValue ?? []
        return runs.first { $0["kind"]?.stringValue == "backup" }?["at"]?.stringValue
    }

    private func clockReason(_ daemon: DaemonUnderTest) async throws -> String? {
        let status = try JSONValue(parsing: try await daemon.ctl("status", "--json").output)
        let reasons = status["reasons"]?.arrayValue ?? []
        return reasons.first { $0["code"]?.stringValue == "clockJumped" }?["message"]?.stringValue
    }
}
