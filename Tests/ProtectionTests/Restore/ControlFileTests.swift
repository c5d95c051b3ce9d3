import Glibc
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite
struct ControlFileTests {
    @Test
    func `it says what pg_controldata says`() async throws {
        try await blocking {
            let server = try PrivatePostgres(.init { $0.settings = ["max_connections": "37", "max_wal_senders": "4"] })
            try server.stop()
            let bytes = try bytes(of: server)
            let control = try ControlFile(bytes)
            let lines = try server.run("pg_controldata", ["-D", server.dataDirectory]).output
            func value(_ name: String) -> String? {
                lines.split(separator: "\n").first { $0.hasPrefix("\(name):") }
                    .map { $0.drop { $0 != ":" }.dropFirst().drop { $0 == " " } }.map(String.init)
            }
            #expect(value("Database system identifier") == "\(control.systemIdentifier)")
            #expect(value("pg_control version number") == "\(control.version)")
            #expect(value("Catalog version number") == "\(control.catalogVersion)")
            #expect(value("Database cluster state") == "shut down")
            #expect(control.state == .shutDown)
            #expect(value("Latest checkpoint location") == "\(control.checkpoint)")
            #expect(value("Latest checkpoint's REDO location") == "\(control.redo)")
            #expect(value("Latest checkpoint's TimeLineID") == "\(control.timeline)")
            #expect(value("max_connections setting") == "\(control.limits.maxConnections)")
            #expect(control.limits.maxConnections == 37)
            #expect(value("max_worker_processes setting") == "\(control.limits.maxWorkerProcesses)")
            #expect(value("max_wal_senders setting") == "\(control.limits.maxWALSenders)")
            #expect(value("max_prepared_xacts setting") == "\(control.limits.maxPreparedTransactions)")
            #expect(value("max_locks_per_xact setting") == "\(control.limits.maxLocksPerTransaction)")
            #expect(value("Database block size") == "\(control.blockBytes)")
            #expect(value("Bytes per WAL segment") == "\(control.segmentBytes)")
            #expect(value("Data page checksum version") == (control.hasChecksums ? "1" : "0"))
            var damaged = bytes
            damaged[40] ^= 1
            #expect(throws: RestoreError.self) { try ControlFile(damaged) }
            var foreign = bytes
            foreign[8] = 0
            #expect(throws: RestoreError.self) { try ControlFile(foreign) }
            #expect(throws: RestoreError.self) { try ControlFile(Array(bytes.prefix(100))) }
        }
    }

    private func bytes(of server: PrivatePostgres) throws -> [UInt8] {
        let file = try OpenFile.open("\(server.dataDirectory)/global/pg_control", O_RDONLY)
        return try [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
            count = try file.read(at: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
