import PostgresClient

/// What came in a base backup that was thrown away.
struct BackupToNowhere: Sendable {
    var start: BaseBackupStart
    var end: BaseBackupEnd
    var archives: [String] = []
    var tablespacePaths: [String] = []
    var bytes: Int64 = 0
    var manifest: [UInt8] = []
    var progress: Int64 = 0
}

/// Takes a base backup and keeps nothing but the manifest.
func backUp(
    _ connection: ReplicationConnection,
    _ options: BaseBackupOptions = BaseBackupOptions(),
    onData: (Int64) throws -> Void = { _ in }
) throws -> BackupToNowhere {
    let start = try connection.startBaseBackup(options)
    var archives: [String] = []
    var paths: [String] = []
    var manifest: [UInt8] = []
    var isManifest = false
    var bytes: Int64 = 0
    var progress: Int64 = 0
    try connection.forEachBaseBackupMessage { message in
        switch message {
        case .newArchive(let name, let path):
            archives.append(name)
            paths.append(path)
        case .data(let data):
            if isManifest { manifest.append(contentsOf: data) } else { bytes += Int64(data.count) }
            try onData(bytes)
        case .progress(let done): progress = done
        case .manifest: isManifest = true
        }
    }
    return BackupToNowhere(
        start: start,
        end: try connection.finishBaseBackup(),
        archives: archives,
        tablespacePaths: paths,
        bytes: bytes,
        manifest: manifest,
        progress: progress
    )
}
