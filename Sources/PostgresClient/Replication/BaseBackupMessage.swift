/// One message of a base backup's stream (protocol manual, "BASE_BACKUP"; servers from 15 on).
///
/// Bytes are borrowed from libpq: they are valid only inside the closure that gets the message.
package enum BaseBackupMessage {
    /// A tar archive begins: its name, `base.tar` or `<oid>.tar`, and its tablespace's path, empty for the main one.
    case newArchive(name: String, tablespacePath: String)
    /// Bytes of the current archive, or of the manifest.
    case data(UnsafeRawBufferPointer)
    /// How many bytes of all tablespaces the server has worked off.
    case progress(bytes: Int64)
    /// The backup manifest begins; its bytes follow as ``data(_:)``.
    case manifest

    /// Reads a message.
    ///
    /// - Throws: ``PostgresError`` with the code `protocolViolation` for anything else.
    package init(_ bytes: UnsafeRawBufferPointer) throws {
        var reader = ByteReader(bytes)
        switch reader.byte() {
        case UInt8(ascii: "d"): self = .data(reader.rest)
        case UInt8(ascii: "n"):
            guard let name = reader.text(), let path = reader.text(), reader.isAtEnd else {
                throw Self.malformed("new archive")
            }
            self = .newArchive(name: name, tablespacePath: path)
        case UInt8(ascii: "p"):
            guard let number = reader.number(), reader.isAtEnd, let count = Int64(exactly: number) else {
                throw Self.malformed("progress")
            }
            self = .progress(bytes: count)
        case UInt8(ascii: "m"):
            guard reader.isAtEnd else { throw Self.malformed("manifest") }
            self = .manifest
        case let kind?:
            throw PostgresError(.protocolViolation, "the base backup has a message of the unknown kind \(kind)")
        case nil:
            throw PostgresError(.protocolViolation, "the base backup has an empty message")
        }
    }

    private static func malformed(_ kind: String) -> PostgresError {
        PostgresError(.protocolViolation, "the base backup has a malformed message '\(kind)'")
    }
}
