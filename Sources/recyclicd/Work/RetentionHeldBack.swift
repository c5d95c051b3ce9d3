import Blocking
import Repository

/// Something that is known of the backups can't be read, so nothing is removed.
struct RetentionHeldBack: OperatorError {
    /// The object that can't be read.
    let unreadable: String

    var code: String { "retentionHeldBack" }
    var message: String {
        let what = manifest == nil ? "it may be a pin or a proof" : "what its backup needs is not known"
        return "nothing was removed: '\(unreadable)' can't be read, and \(what)"
    }

    var hint: String? {
        let copy = "Copy it back from another copy of the repository"
        guard let manifest else { return "\(copy); see what else is damaged: recyclicctl verify all --full" }
        return "\(copy), or give that backup up: recyclicctl backups delete \(manifest.id)"
    }

    private var manifest: UnreadableManifest? { UnreadableManifest(object: unreadable, reason: "") }
}
