import Blocking
import Glibc
import PostgresClient

/// Ends sessions in databases that are about to be renamed, again and again, from a thread and a connection of its own.
///
/// Sessions that it may not end stay, and so does what a server that is gone leaves undone: renaming tells of that.
final class SessionEnder: Sendable {
    private let isStopped = CancellationFlag()
    private let hasEnded = CancellationFlag()

    /// - Parameters:
    ///   - target: The server, as whom, and a database that is not connected to.
    ///   - id: The database that is replaced, by its id, for its name goes to another one; `nil` spares it.
    ///   - growing: The one that takes its place, by its name, which is gone when it has done so.
    init(_ target: ConnectionSettings, id: Int64?, growing: String) {
        startThread("end sessions") { [isStopped, hasEnded] in
            while !isStopped.isCancelled {
                if let server = try? TargetServer(target, cancellation: isStopped) {
                    while (try? server.endSessions(id: id, name: growing)) != nil, !isStopped.isCancelled {
                        usleep(50_000)
                    }
                }
                usleep(50_000)
            }
            hasEnded.cancel()
        }
    }

    /// Stops, and waits until no session is ended any more.
    func stop() {
        isStopped.cancel()
        while !hasEnded.isCancelled { usleep(1_000) }
    }
}
