import Foundation
import TestSupport
import Testing
import Varlink

/// A server that goes away, or a link to it that does.
@Suite(.serialized)
struct ConnectionLossTests {
    @Test
    func `a server that is stopped in the stream fails the backup, and the next one goes well`() async throws {
        let (scene, proxy) = try await Scene.makeBehindProxy(megabytes: 60)
        let daemon = scene.daemon
        // In the midst of the stream the link stands still, so that the backup can't be over before the server stops.
        proxy.stall(after: proxy.forwardedToClient + 20 << 20)
        let job = try await daemon.begin("trigger-backup")
        let isInStream = try await eventually { proxy.forwardedToClient > 20 << 20 }
        #expect(isInStream)
        try await onOwnThread { try scene.server.stop(.immediate) }
        proxy.resume()
        daemon.expectError("backup failed")
        let ended = try await daemon.end(of: job)
        try expectClearFailure(ended)

        // A database that is down is a state, which the status tells.
        let isTold = try await eventually(within: .seconds(10)) {
            try await daemon.ctl("status").output.contains("not reachable")
        }
        #expect(isTold)
        let down = try await daemon.ctl("status", "--json")
        #expect([4, 5].contains(down.status), "\(down.output)")
        let server = try JSONValue(parsing: down.output)["server"]
        #expect(server?["reachable"]?.boolValue == false)
        let failed = try await daemon.ctl("trigger-backup")
        #expect(failed.status == 1)
        try expectClearFailure(try #require(try await daemon.json("jobs", "--limit", "1")["jobs"]?.arrayValue?.first))

        // A daemon that starts while the server is down works, and finds it when it is back.
        try await daemon.stop()
        try await daemon.start()
        #expect(try await daemon.ctl("backups").status == 0)
        try await onOwnThread { try scene.server.start() }
        try await daemon.backUp()
        try await daemon.expectAllIsGood()
        try await scene.end()
        proxy.close()
    }

    @Test
    func `a connection that is cut in the stream fails the backup, and the next one goes well`() async throws {
        try await throughProxy { scene, proxy in
            proxy.cut(after: proxy.forwardedToClient + 20 << 20)
            let job = try await scene.daemon.begin("trigger-backup")
            scene.daemon.expectError("backup failed")
            try expectClearFailure(try await scene.daemon.end(of: job))
            try await scene.daemon.backUp()
            try await scene.daemon.expectAllIsGood()
        }
    }

    @Test
    func `a backup whose connection has fallen silent is cancelled at once`() async throws {
        try await throughProxy { scene, proxy in
            proxy.stall(after: proxy.forwardedToClient + 20 << 20)
            let job = try await scene.daemon.begin("trigger-backup")
            let isStalled = try await eventually { proxy.forwardedToClient > 20 << 20 }
            #expect(isStalled)
            let cancelled = try await scene.daemon.json("jobs", "cancel", job)
            #expect(cancelled["job"]?["state"]?.stringValue == "cancelled", "\(cancelled)")
            proxy.resume()
            proxy.cut()
            try await scene.daemon.backUp()
            try await scene.daemon.expectAllIsGood()
        }
    }

    @Test
    func `a server that answers no more is not called reachable`() async throws {
        try await throughProxy { scene, proxy in
            let isReachable = {
                let status = try await scene.daemon.ctl("status", "--json").output
                return try JSONValue(parsing: status)["server"]?["reachable"]?.boolValue
            }
            #expect(try await isReachable() == true)
            proxy.stall(after: proxy.forwardedToClient)
            let isTold = try await eventually { try await isReachable() == false }
            #expect(isTold)
            proxy.resume()
            let isBack = try await eventually { try await isReachable() == true }
            #expect(isBack)
        }
    }

    private func throughProxy(_ body: (Scene, StallingProxy) async throws -> Void) async throws {
        let (scene, proxy) = try await Scene.makeBehindProxy(megabytes: 60)
        try await body(scene, proxy)
        try await scene.end()
        proxy.close()
    }

    private func expectClearFailure(_ job: JSONValue) throws {
        #expect(job["state"]?.stringValue == "failed", "\(job)")
        let error = try #require(job["error"], "\(job)")
        #expect(error["code"]?.stringValue != "unexpected", "\(error)")
        #expect(error["message"]?.stringValue?.isEmpty == false)
        #expect(error["hint"]?.stringValue?.isEmpty == false, "\(error)")
    }
}
