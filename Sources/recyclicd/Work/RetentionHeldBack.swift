import Blocking

/// Something that is known of the backups can't be read, so nothing is removed.
struct RetentionHeldBack: OperatorError {
    /// The object that can't be read.
    let unreadable: String

    var code: String { "retentionHeldBack" }
    var message: String { "nothing was removed: '\(unreadable)' can't be read, and it may be a pin or a proof" }
    var hint: String? { "See what is wrong with it: recyclicctl verify all --full" }
}
