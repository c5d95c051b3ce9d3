package import Repository

/// A restore that could begin: all that can be known and refused before the first byte is written.
package struct RestorePlan: Sendable {
    /// What was asked.
    package let options: RestoreOptions
    /// The backup.
    package let manifest: BackupManifest
    /// Who will own the files.
    package let owner: RestoreOwner
    /// Where the tablespaces go.
    package let placements: [TablespacePlacement]
    /// How the server will recover.
    package let settings: RecoverySettings
    /// What it shows to the operator.
    package let preview: RestorePreview
}
