import Blocking
import Glibc

/// Sets one flag when another is set or a moment has passed, so that work can be halted for more reasons than that its owner asked.
final class CancellationRelay: Sendable {
    private let done = CancellationFlag()

    /// - Parameters:
    ///   - source: The owner's flag.
    ///   - target: The flag that the work watches.
    ///   - moment: When the work is halted in any case; `nil` for never.
    init(
        from source: CancellationFlag,
        to target: CancellationFlag,
        notAfter moment: ContinuousClock.Instant? = nil
    ) {
        let done = done
        startThread("cancel relay") {
            while !done.isCancelled {
                let isLate = moment.map { .now >= $0 } ?? false
                if source.isCancelled || isLate { return target.cancel() }
                usleep(50_000)
            }
        }
    }

    /// Ends the relay.
    func stop() { done.cancel() }
}
