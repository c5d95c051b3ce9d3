import PostgresClient
import Repository

/// Takes a base backup's stream apart: archives into the session, the server's manifest into the comparison.
///
/// Runs on the thread that reads the stream; file contents are copied once, into the session's buffers.
final class ArchiveReceiver {
    /// Where the server's manifest lies in a backup, as pg_basebackup puts it.
    static let manifestPath = "backup_manifest"

    private enum State {
        case start
        case archive(TarParser, prefix: [UInt8])
        case manifest(ServerManifestParser)
    }

    private let session: IngestSession
    private let comparison: FileComparison
    private var state = State.start
    /// When the server's manifest began to come, which is as soon as the server has ended the backup (`perform_base_backup`
    /// in src/backend/backup/basebackup.c); `nil` before.
    private(set) var stoppedAt: UTCTime?
    /// Whether the archive's present member is a file.
    private var isFile = false

    init(session: IngestSession, comparison: FileComparison) {
        self.session = session
        self.comparison = comparison
    }

    /// Takes a message.
    func receive(_ message: BaseBackupMessage) throws {
        switch message {
        case .newArchive(let name, _):
            try endArchive()
            state = .archive(TarParser(), prefix: try Self.prefix(archive: name))
        case .manifest:
            stoppedAt = .now
            try endArchive()
            state = .manifest(ServerManifestParser())
            try session.beginFile(path: Array(Self.manifestPath.utf8), mode: 0o600)
        case .data(let bytes): try receive(bytes)
        case .progress: break
        }
    }

    /// Says that the stream is over.
    ///
    /// - Returns: What the server's manifest says apart from the files.
    /// - Throws: ``ServerManifestError`` when it is not complete.
    func finish() throws -> ServerManifest {
        guard case .manifest(let parser) = state else { throw ServerManifestError(.truncated) }
        let manifest = try parser.finish()
        try session.endFile()
        return manifest
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) throws {
        // The parser is taken out of the enum meanwhile, so that changing it copies nothing.
        let current = state
        state = .start
        switch current {
        case .start:
            throw BackupError("protocolViolation", "the server sent data before an archive's name")
        case .archive(var parser, let prefix):
            try parser.consume(bytes) { try store($0, prefix: prefix) }
            state = .archive(parser, prefix: prefix)
        case .manifest(var parser):
            try parser.consume(bytes) { try comparison.addExpected($0) }
            try session.append(bytes)
            state = .manifest(parser)
        }
    }

    private func store(_ event: TarParser.Event, prefix: [UInt8]) throws {
        switch event {
        case .contents(let bytes): try session.append(bytes)
        case .entry(let entry):
            let path = prefix + entry.path
            switch entry.kind {
            case .file: try session.beginFile(path: path, mode: entry.mode)
            case .directory: try session.addDirectory(path: path, mode: entry.mode)
            case .link(let target):
                try session.addLink(path: path, mode: entry.mode, target: String(decoding: target, as: UTF8.self))
            }
            isFile = entry.kind == .file
        case .end:
            if isFile { try session.endFile() }
        }
    }

    private func endArchive() throws {
        if case .archive(let parser, _) = state { try parser.finish() }
    }

    /// The folder that an archive's members belong in: `base.tar` is the data directory itself, `16385.tar` a tablespace's.
    private static func prefix(archive: String) throws -> [UInt8] {
        if archive == "base.tar" { return [] }
        guard archive.hasSuffix(".tar"), let oid = UInt32(archive.dropLast(4)) else {
            throw BackupError("protocolViolation", "the server sent an archive with the unknown name \"\(archive)\"")
        }
        return Array("pg_tblspc/\(oid)/".utf8)
    }
}
