import NIOCore
import Synchronization

/// Closes a channel unless it is stopped in time.
final class CloseTimer: Sendable {
    private let channel: any Channel
    private let timeout: TimeAmount
    private let state = Mutex<(scheduled: Scheduled<Void>?, fired: Bool)>((nil, false))

    init(_ channel: any Channel, after timeout: Duration) {
        self.channel = channel
        self.timeout = TimeAmount(timeout)
    }

    /// Whether the channel was closed by this timer.
    var hasFired: Bool { state.withLock { $0.fired } }

    /// Starts the time anew.
    func start() {
        let scheduled = channel.eventLoop.scheduleTask(in: timeout) {
            self.state.withLock { $0.fired = true }
            self.channel.close(promise: nil)
        }
        state.withLock { state in
            state.scheduled?.cancel()
            state.scheduled = scheduled
        }
    }

    /// Stops it until it is started again.
    func stop() {
        state.withLock { state in
            state.scheduled?.cancel()
            state.scheduled = nil
        }
    }
}
