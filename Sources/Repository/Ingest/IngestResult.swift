/// What a finished session stored.
package struct IngestResult: Sendable, Equatable {
    /// The file table, for the manifest.
    package var table: BackupManifest.Table
    /// The figures, for the manifest. What else the backup adds (WAL objects, say) is not in them yet.
    package var sizes: BackupManifest.Sizes
}
