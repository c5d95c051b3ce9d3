import Foundation
import TestSupport
import Testing

@testable import PostgresClient

@Suite struct MessageTests {
    private func backup<Value>(_ bytes: [UInt8], _ body: (BaseBackupMessage) throws -> Value) throws -> Value {
        try bytes.withUnsafeBytes { try body(BaseBackupMessage($0)) }
    }

    private func stream<Value>(_ bytes: [UInt8], _ body: (ReplicationMessage) throws -> Value) throws -> Value {
        try bytes.withUnsafeBytes { try body(ReplicationMessage($0)) }
    }

    private func bytes(_ number: UInt64) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    @Test func `a base backup's messages are read`() throws {
        try backup(Array("n16999.tar\0/srv/space\0".utf8)) { message in
            guard case .newArchive("16999.tar", "/srv/space") = message else { throw Unexpected() }
        }
        try backup(Array("nbase.tar\0\0".utf8)) { message in
            guard case .newArchive("base.tar", "") = message else { throw Unexpected() }
        }
        try backup(Array("dabc".utf8)) { message in
            guard case .data(let data) = message, data.elementsEqual("abc".utf8) else { throw Unexpected() }
        }
        try backup(Array("d".utf8)) { message in
            guard case .data(let data) = message, data.isEmpty else { throw Unexpected() }
        }
        try backup([UInt8(ascii: "p")] + bytes(77)) { message in
            guard case .progress(77) = message else { throw Unexpected() }
        }
        try backup(Array("m".utf8)) { message in
            guard case .manifest = message else { throw Unexpected() }
        }
    }

    @Test(
        arguments: [
            [], Array("x".utf8), Array("n".utf8), Array("nbase.tar".utf8), Array("nbase.tar\0".utf8),
            Array("nbase.tar\0\0x".utf8), [0x6e, 0xff, 0, 0], Array("p".utf8), [0x70, 0, 0, 0, 0, 0, 0, 0],
            [0x70, 255, 0, 0, 0, 0, 0, 0, 0], [0x70, 0, 0, 0, 0, 0, 0, 0, 0, 0], Array("mx".utf8),
        ] as [[UInt8]]
    )
    func `a malformed message of a base backup is refused`(message: [UInt8]) throws {
        let error = try #require(throws: PostgresError.self) { try backup(message) { _ in } }
        #expect(error.kind == .protocolViolation)
    }

    @Test func `a WAL stream's messages are read`() throws {
        try stream([UInt8(ascii: "w")] + bytes(5) + bytes(9) + bytes(1_000_000) + [1, 2]) { message in
            guard case .walData(LSN(5), LSN(9), let time, let data) = message else { throw Unexpected() }
            #expect(time == Date(timeIntervalSince1970: 946_684_801))
            #expect(data.elementsEqual([1, 2]))
        }
        try stream([UInt8(ascii: "k")] + bytes(7) + bytes(0) + [1]) { message in
            guard case .keepalive(LSN(7), _, true) = message else { throw Unexpected() }
        }
    }

    @Test(
        arguments: [
            [], [0x77], [0x77] + Array(repeating: 0, count: 23), [0x6b], [0x6b] + Array(repeating: 0, count: 16),
            [0x6b] + Array(repeating: 0, count: 18), [0x72],
        ] as [[UInt8]]
    )
    func `a malformed message of a WAL stream is refused`(message: [UInt8]) throws {
        let error = try #require(throws: PostgresError.self) { try stream(message) { _ in } }
        #expect(error.kind == .protocolViolation)
    }

    @Test func `random bytes are read or refused and never trap`() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<3000 {
            var message = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if let kind = "ndpmwk".utf8.randomElement(using: &random), !message.isEmpty { message[0] = kind }
            try? backup(message) { _ in }
            try? stream(message) { _ in }
        }
    }

    @Test func `a status has 34 bytes in network order`() {
        let status = StandbyStatus(written: LSN(1), flushed: LSN(2), applied: LSN(3), wantsReply: true)
        #expect(status.encoded(now: 4) == [0x72] + bytes(1) + bytes(2) + bytes(3) + bytes(4) + [1])
    }
}

private struct Unexpected: Error {}
