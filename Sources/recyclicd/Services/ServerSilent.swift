import Blocking

/// The server has not answered in time, and may never.
struct ServerSilent: OperatorError {
    let seconds: Int64

    var code: String { "serverSilent" }
    var message: String { "it has not answered for \(seconds) s" }
    var hint: String? {
        "See what keeps it busy, or whether the network between here and there works: recyclicctl doctor"
    }
}
