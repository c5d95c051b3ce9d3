import Blocking

/// The disk of the repository lets the daemon wait: a network share whose server is gone, a disk that is dying.
struct RepositorySilent: OperatorError {
    let path: String

    var code: String { "repositorySilent" }
    var message: String { "the disk of the repository \"\(path)\" does not answer" }
    var hint: String? {
        "A network share waits for its server, a dying disk fills the kernel's log: findmnt -T \(path); dmesg | tail. "
            + "Nothing needs to be restarted once it answers."
    }
}
