package import Repository

/// A finished base backup.
package struct BaseBackupResult: Sendable {
    /// The manifest as it was written.
    package var manifest: BackupManifest
    /// The manifest's digest; the newest one belongs in the journal.
    package var digest: Digest
    /// How long it took in all, and its parts.
    package var durations: Durations

    /// The backup's id.
    package var id: BackupID { manifest.id }
    /// What was wrong with the source.
    package var findings: [BackupManifest.Finding] { manifest.findings }

    /// How long the parts took.
    package struct Durations: Sendable, Equatable {
        /// Until the server began to send: connecting and its checkpoint.
        package var start: Duration
        /// Until all files were received.
        package var copy: Duration
        /// Until the manifest was durable: WAL, file table, indexes.
        package var end: Duration
        /// All of it.
        package var total: Duration { start + copy + end }

        package init(start: Duration = .zero, copy: Duration = .zero, end: Duration = .zero) {
            self.start = start
            self.copy = copy
            self.end = end
        }
    }

    package init(manifest: BackupManifest, digest: Digest, durations: Durations) {
        self.manifest = manifest
        self.digest = digest
        self.durations = durations
    }
}
