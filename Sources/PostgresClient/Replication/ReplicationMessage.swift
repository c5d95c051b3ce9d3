package import FoundationEssentials

/// One message of a WAL stream (protocol manual, "Streaming Replication Protocol").
///
/// Bytes are borrowed from libpq: they are valid only inside the closure that gets the message.
package enum ReplicationMessage {
    /// WAL: where it begins, the server's end of WAL when it was sent, and its bytes.
    case walData(start: LSN, serverEnd: LSN, sentAt: Date, bytes: UnsafeRawBufferPointer)
    /// A sign of life; a status must be sent at once when `needsReply`.
    case keepalive(serverEnd: LSN, sentAt: Date, needsReply: Bool)

    /// Reads a message.
    ///
    /// - Throws: ``PostgresError`` with the code `protocolViolation` for anything else.
    package init(_ bytes: UnsafeRawBufferPointer) throws {
        var reader = ByteReader(bytes)
        switch reader.byte() {
        case UInt8(ascii: "w"):
            guard let start = reader.number(), let end = reader.number(), let time = reader.number() else {
                throw Self.malformed("WAL data")
            }
            self = .walData(start: LSN(start), serverEnd: LSN(end), sentAt: Self.date(time), bytes: reader.rest)
        case UInt8(ascii: "k"):
            guard let end = reader.number(), let time = reader.number(), let reply = reader.byte(), reader.isAtEnd
            else {
                throw Self.malformed("keepalive")
            }
            self = .keepalive(serverEnd: LSN(end), sentAt: Self.date(time), needsReply: reply != 0)
        case let kind?:
            throw PostgresError(.protocolViolation, "the WAL stream has a message of the unknown kind \(kind)")
        case nil:
            throw PostgresError(.protocolViolation, "the WAL stream has an empty message")
        }
    }

    private static func date(_ microseconds: UInt64) -> Date {
        PostgresTime.date(microseconds: Int64(bitPattern: microseconds))
    }

    private static func malformed(_ kind: String) -> PostgresError {
        PostgresError(.protocolViolation, "the WAL stream has a malformed message '\(kind)'")
    }
}
