import Blocking
import Glibc

/// Sets one flag when another is set, so that work can be halted for more reasons than that its owner asked.
final class CancellationRelay: Sendable {
    private let done = CancellationFlag()

    /// - Parameters:
    ///   - source: The owner's flag.
    ///   - target: The flag that the work watches.
    init(from source: CancellationFlag, to target: CancellationFlag) {
        let done = done
        startThread("cancel relay") {
            while !done.isCancelled {
                if source.isCancelled { return target.cancel() }
                usleep(50_000)
            }
        }
    }

    /// Ends the relay.
    func stop() { done.cancel() }
}
