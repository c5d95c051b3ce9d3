import Blocking
import Foundation
import Glibc
import PostgresClient
import TestSupport
import Testing

@Suite struct ReplicationTests {
    @Test(arguments: [ReplicationConnection.Mode.physical, .database])
    func `the server identifies itself and takes commands in both modes`(mode: ReplicationConnection.Mode) async throws
    {
        let server = try await PrivatePostgres.started {
            if mode == .database { $0.authentication = .custom("local all all trust\n") }
        }
        let settings = server.settings()
        try await onThread("replication") {
            let connection = try ReplicationConnection.connect(settings)
            #expect(connection.mode == mode)
            let identity = try connection.identifySystem()
            #expect(
                "\(identity.systemIdentifier)" == (try server.psql("SELECT system_identifier FROM pg_control_system()"))
            )
            #expect(identity.timeline == TimelineID(1))
            #expect(identity.flushPosition > .zero)
            #expect(identity.database == (mode == .database ? "postgres" : nil))
            #expect(try connection.setting("wal_level") == "replica")
            let error = try #require(throws: PostgresError.self) { try connection.simpleQuery("NONSENSE") }
            #expect(error.sqlState == (mode == .database ? "42601" : "0A000"))
            #expect(connection.isUsable)
            #expect(throws: PostgresError.self) { try connection.timelineHistory(TimelineID(7)) }
            _ = try connection.identifySystem()
        }
    }

    @Test func `slots are made, read and dropped`() async throws {
        let server = try await PrivatePostgres.started { $0.settings = ["max_replication_slots": "2"] }
        let settings = server.settings()
        try await onThread("replication") {
            let connection = try ReplicationConnection.connect(settings)
            let slot = try connection.createTemporaryPhysicalSlot("recyclic_1")
            #expect(try #require(slot.restartPosition) > .zero)
            #expect(slot.restartTimeline == TimelineID(1))
            #expect(try connection.readReplicationSlot("recyclic_1") == slot)
            #expect(try connection.readReplicationSlot("no_such_slot") == nil)
            try connection.createTemporaryPhysicalSlot("recyclic_2", reservesWAL: false)
            #expect(try connection.readReplicationSlot("recyclic_2")?.restartPosition == nil)
            try connection.dropReplicationSlot("recyclic_1")
            #expect(try connection.readReplicationSlot("recyclic_1") == nil)
            try connection.createTemporaryPhysicalSlot("recyclic_1")
            let full = try #require(throws: PostgresError.self) {
                try connection.createTemporaryPhysicalSlot("recyclic_3")
            }
            #expect(full.hint?.contains("max_replication_slots") == true)
            // The server drops temporary slots at any error.
            #expect(try connection.readReplicationSlot("recyclic_1") == nil)
        }
    }

    @Test(arguments: [ReplicationConnection.Mode.physical, .database])
    func `a base backup streams archives, tablespaces and the manifest`(mode: ReplicationConnection.Mode) async throws {
        let server = try await PrivatePostgres.started {
            if mode == .database { $0.authentication = .custom("local all all trust\n") }
        }
        let space = try TemporaryDirectory()
        if let user = try ServerUser.find() { try Program.check("chown", ["\(user.uid)", space.path]) }
        try server.execute("CREATE TABLESPACE side LOCATION '\(space.path)'")
        try server.execute("CREATE TABLE t TABLESPACE side AS SELECT generate_series(1, 20000) AS i")
        let settings = server.settings()
        let backup = try await onThread("replication") {
            let connection = try ReplicationConnection.connect(settings)
            let backup = try backUp(connection)
            // The connection takes commands again.
            #expect(try connection.identifySystem().flushPosition >= backup.end.position.position)
            return backup
        }
        #expect(backup.archives.count == 2)
        #expect(backup.archives.last == "base.tar")
        #expect(backup.tablespacePaths == [space.path, ""])
        #expect(backup.start.tablespaces.map(\.path) == [space.path, nil])
        #expect(backup.start.tablespaces.first?.oid != nil)
        #expect(backup.start.estimatedBytes > 1_000_000)
        #expect(backup.progress > 1_000_000)
        #expect(backup.bytes >= backup.progress)
        #expect(backup.start.position.position <= backup.end.position.position)
        #expect(backup.end.damage == nil)
        let manifest = String(decoding: backup.manifest, as: UTF8.self)
        #expect(manifest.hasPrefix("{ \"PostgreSQL-Backup-Manifest-Version\""))
        #expect(manifest.contains("CRC32C"))
    }

    @Test func `a damaged page is a finding, not the end of the backup`() async throws {
        let server = try await PrivatePostgres.started()
        try server.execute("CREATE TABLE t AS SELECT generate_series(1, 20000) AS i; CHECKPOINT")
        let file = try server.dataDirectory + "/" + server.psql("SELECT pg_relation_filepath('t')")
        let settings = server.settings()
        let backup = try await onThread("replication") {
            try server.stop()
            let descriptor = open(file, O_WRONLY)
            #expect(pwrite(descriptor, "damage", 6, 8192 * 3 + 5000) == 6)
            close(descriptor)
            try server.start()
            return try backUp(ReplicationConnection.connect(settings))
        }
        #expect(backup.end.damage?.sqlState == "XX001")
        #expect(backup.end.notices.contains { $0.severity == "WARNING" && $0.message.contains("block 3") })
        #expect(!backup.manifest.isEmpty)
    }

    @Test func `a base backup ends on cancellation, and the server stops it`() async throws {
        let server = try await PrivatePostgres.started()
        let settings = server.settings()
        try await onThread("replication") {
            let flag = CancellationFlag()
            let connection = try ReplicationConnection.connect(settings, cancellation: flag)
            #expect(throws: CancellationError.self) {
                _ = try backUp(connection) { if $0 > 1_000_000 { flag.cancel() } }
            }
            #expect(!connection.isUsable)
        }
        let deadline = ContinuousClock.now + .seconds(20)
        while try server.psql("SELECT count(*) FROM pg_stat_replication") != "0" {
            try #require(ContinuousClock.now < deadline)
        }
    }

    @Test(arguments: ["stall", "cut"])
    func `a base backup over a link that goes bad ends with an error`(fault: String) async throws {
        let server = try await PrivatePostgres.started { $0.listensOnTCP = true }
        let proxy = try StallingProxy(to: server.port)
        if fault == "stall" { proxy.stall(after: 4_000_000) } else { proxy.cut(after: 4_000_000) }
        var settings = server.tcpSettings(through: proxy)
        settings.livenessTimeout = .seconds(1)
        let error = try await #require(throws: PostgresError.self) {
            try await onThread("replication") { [settings] in
                let connection = try ReplicationConnection.connect(settings)
                _ = try backUp(connection)
            }
        }
        #expect(error.kind == (fault == "stall" ? .timedOut : .connectionLost))
        proxy.close()
    }

    @Test func `a server killed in the middle of a base backup is a lost connection`() async throws {
        let server = try await PrivatePostgres.started()
        let settings = server.settings()
        let error = try await #require(throws: PostgresError.self) {
            try await onThread("replication") {
                var isKilled = false
                _ = try backUp(ReplicationConnection.connect(settings)) { bytes in
                    if bytes > 1_000_000, !isKilled {
                        isKilled = true
                        server.kill()
                    }
                }
            }
        }
        #expect(error.kind == .connectionLost)
    }

    @Test func `WAL streams from a slot's position, byte for byte`() async throws {
        let server = try await PrivatePostgres.started()
        let settings = server.settings()
        try await onThread("replication") {
            let connection = try ReplicationConnection.connect(settings)
            let slot = try connection.createTemporaryPhysicalSlot("recyclic_stream")
            let position = try #require(slot.restartPosition)
            let first = WALSegmentName(timeline: TimelineID(1), containing: position, segmentSize: 16 << 20)
            try server.execute("CREATE TABLE t AS SELECT generate_series(1, 5000) AS i")
            let end = try #require(LSN(server.psql("SELECT pg_current_wal_flush_lsn()")))
            try connection.startStreaming(slot: "recyclic_stream", from: first.start, timeline: TimelineID(1))
            var received = first.start
            var wal: [UInt8] = []
            while received < end {
                let event = try connection.nextMessage(waiting: .seconds(10)) { message in
                    guard case .walData(let start, let serverEnd, _, let bytes) = message else { return }
                    #expect(start == received)
                    #expect(serverEnd >= start)
                    received = start + UInt64(bytes.count)
                    wal.append(contentsOf: bytes)
                }
                guard case .message = event else {
                    Issue.record("the stream was silent")
                    break
                }
            }
            let file = try Data(contentsOf: URL(filePath: server.dataDirectory + "/pg_wal/" + first.fileName))
            #expect(file.prefix(wal.count) == Data(wal))
            // The server answers a status that asks for it.
            try connection.send(StandbyStatus(written: received, flushed: received, wantsReply: true))
            var answered = false
            let deadline = ContinuousClock.now + .seconds(10)
            while !answered, ContinuousClock.now < deadline {
                _ = try connection.nextMessage(waiting: .seconds(1)) { message in
                    if case .keepalive = message { answered = true }
                }
            }
            #expect(answered)
            guard case .silence = try connection.nextMessage(waiting: .milliseconds(50), { _ in }) else {
                Issue.record("an idle server sent something")
                return
            }
            #expect(try connection.endStreaming() == nil)
            #expect(try connection.identifySystem().flushPosition >= received)
            #expect(try connection.readReplicationSlot("recyclic_stream")?.restartPosition == received)
        }
    }

    @Test func `WAL that is gone is the server's error 58P01`() async throws {
        let server = try await PrivatePostgres.started { $0.initdbArguments = ["--wal-segsize=1"] }
        let settings = server.settings()
        try await onThread("replication") {
            for _ in 0..<3 { try server.execute("SELECT pg_switch_wal(); CHECKPOINT") }
            let connection = try ReplicationConnection.connect(settings)
            try connection.startStreaming(from: LSN(1 << 20), timeline: TimelineID(1))
            let error = try #require(throws: PostgresError.self) {
                var isOver = false
                while !isOver {
                    if case .end = try connection.nextMessage(waiting: .seconds(10), { _ in }) { isOver = true }
                }
                try connection.endStreaming()
            }
            #expect(error.sqlState == "58P01")
        }
    }

    @Test func `a server that stops ends the stream, and a timeline's end names the next`() async throws {
        let server = try await PrivatePostgres.started()
        let settings = server.settings()
        try await onThread("replication") {
            let connection = try ReplicationConnection.connect(settings)
            let position = try connection.identifySystem().flushPosition
            let start = WALSegmentName(timeline: TimelineID(1), containing: position, segmentSize: 16 << 20).start
            try server.stop()
            try Program.check("touch", [server.dataDirectory + "/standby.signal"])
            try server.start()
            try server.execute("SELECT pg_promote()")
            let again = try ReplicationConnection.connect(settings)
            #expect(try again.identifySystem().timeline == TimelineID(2))
            let history = try again.timelineHistory(TimelineID(2))
            #expect(history.fileName == "00000002.history")
            #expect(String(decoding: history.content, as: UTF8.self).hasPrefix("1\t"))
            try again.startStreaming(from: start, timeline: TimelineID(1))
            var isOver = false
            while !isOver {
                if case .end = try again.nextMessage(waiting: .seconds(10), { _ in }) { isOver = true }
            }
            let next = try #require(try again.endStreaming())
            #expect(next.timeline == TimelineID(2))
            #expect(next.position > start)
            // Dropped by the first stop.
            #expect(throws: PostgresError.self) { try connection.identifySystem() }
        }
    }
}
