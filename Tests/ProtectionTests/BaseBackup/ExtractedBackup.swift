import Foundation
import Glibc
import Repository
import TestSupport

/// A backup written out to a folder chunk by chunk, in the plainest way there is: what it is judged by shares no code with
/// the real restore.
final class ExtractedBackup {
    /// The data directory.
    let path: String
    /// The folder with one folder for each tablespace.
    let tablespaces: String

    private let folder: TemporaryDirectory

    /// - Parameters:
    ///   - manifest: The backup.
    ///   - repository: Where it is.
    init(_ manifest: BackupManifest, _ repository: Repository) throws {
        folder = try TemporaryDirectory()
        path = folder.path("data")
        tablespaces = folder.path("tablespaces")
        mkdir(path, 0o700)
        mkdir(tablespaces, 0o755)
        let index = try ChunkIndex(store: repository.store)
        let reader = try ChunkReader(store: repository.store, index: index)
        let table = try FileTableReader(root: manifest.table.root, source: reader)
        while let entry = try table.next() {
            let target = "\(path)/\(entry.path)"
            switch entry.type {
            case .directory: mkdir(target, mode_t(entry.mode))
            case .link:
                let place = "\(tablespaces)/\(entry.path.split(separator: "/").last ?? "")"
                mkdir(place, 0o700)
                symlink(place, target)
            case .file:
                var bytes: [UInt8] = []
                var ids = table.chunkIDs(of: entry)
                while let id = try ids.next() { bytes += try reader.read(id) }
                guard Int64(bytes.count) == entry.size else {
                    throw TestSupportError("'\(entry.path)' has \(bytes.count) bytes")
                }
                try Data(bytes).write(to: URL(fileURLWithPath: target))
                chmod(target, mode_t(entry.mode))
            }
        }
        try addWAL(manifest, repository)
    }

    private func addWAL(_ manifest: BackupManifest, _ repository: Repository) throws {
        guard let codec = Codec(rawValue: manifest.codec) else { throw TestSupportError("codec \(manifest.codec)") }
        let decoder = try FrameDecoder()
        for object in manifest.walObjects {
            let frame = try repository.store.get(ObjectName.folder(ofCluster: manifest.cluster) + object.object)
            var bytes = [UInt8](repeating: 0, count: Int(object.bytes))
            try frame.withUnsafeBytes { frame in
                try bytes.withUnsafeMutableBytes { try decoder.decode(frame, codec: codec, into: $0) }
            }
            let target = "\(path)/pg_wal/\(object.name)"
            try Data(bytes).write(to: URL(fileURLWithPath: target))
            chmod(target, 0o600)
        }
    }

    /// Lets PostgreSQL's own program judge it: every file, its size and checksum, and the WAL.
    func verify(_ binaries: ServerBinaries) throws {
        try Program.check(binaries.path("pg_verifybackup"), ["--exit-on-error", path])
    }

    /// Starts a server on it.
    func start() throws -> PrivatePostgres {
        if let user = try ServerUser.find() {
            try Program.check("chown", ["-R", "-h", "\(user.uid):\(user.gid)", folder.path])
        }
        return try PrivatePostgres.start(on: path)
    }
}
