package import Repository

/// A finished dump.
package struct DumpResult: Sendable {
    /// The manifest as it was written.
    package var manifest: BackupManifest
    /// The manifest's digest; the newest one belongs in the journal.
    package var digest: Digest
    /// How long it took.
    package var duration: Duration

    /// The backup's id.
    package var id: BackupID { manifest.id }
    /// What is missing in it.
    package var findings: [BackupManifest.Finding] { manifest.findings }

    package init(manifest: BackupManifest, digest: Digest, duration: Duration) {
        self.manifest = manifest
        self.digest = digest
        self.duration = duration
    }
}
