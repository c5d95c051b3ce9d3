/// The version of this program, in `--version`, manifests and the control interface.
enum Version {
    static let text = "0.1.0"
}
