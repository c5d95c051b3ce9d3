/// A manifest with its object name.
struct NamedManifest {
    var object: String
    var manifest: BackupManifest
}
