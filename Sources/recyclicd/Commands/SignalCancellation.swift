import Blocking
@preconcurrency import Dispatch
import Foundation

/// Makes Ctrl-C and SIGTERM cancel the work instead of ending the process, so that it can clean up.
///
/// `@unchecked Sendable`: the sources are made in `init`, used only by `stop()`, and thread-safe themselves.
final class SignalCancellation: @unchecked Sendable {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter flag: Set on the first signal.
    init(_ flag: CancellationFlag) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.cancel() }
            source.resume()
            return source
        }
    }

    /// Stops listening; the next signal ends the process again.
    func stop() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
