import CLibpq
import Synchronization

/// A request to end a connection's running query, to be sent from another thread.
///
/// `@unchecked Sendable`: `PQcancel` may be called from any thread (libpq's manual, "Canceling Queries in Progress");
/// the handle is read only, and freed in `deinit`.
final class CancelRequest: @unchecked Sendable {
    private let cancel: OpaquePointer
    private let done = Atomic<Bool>(false)

    /// Makes a request for the query that `connection` runs; `nil` when the connection is gone.
    init?(_ connection: OpaquePointer) {
        guard let cancel = PQgetCancel(connection) else { return nil }
        self.cancel = cancel
    }

    deinit {
        PQfreeCancel(cancel)
    }

    /// Whether ``send()`` has returned: the server has passed the request on, or can't be reached.
    var isDone: Bool {
        done.load(ordering: .acquiring)
    }

    /// Connects to the server and asks. It blocks, for minutes if the network is silent.
    func send() {
        var text = [CChar](repeating: 0, count: 256)
        _ = PQcancel(cancel, &text, Int32(text.count))
        done.store(true, ordering: .releasing)
    }
}
