import CSystemd
import Glibc

/// Tells the service manager how the service is; does nothing where none listens (`NOTIFY_SOCKET` is not set).
package struct ServiceNotifier: Sendable {
    /// Whether anybody listens.
    package let isActive: Bool
    private let transmit: @Sendable (String) -> Void

    /// - Parameter environment: The process environment.
    package init(environment: [String: String]) {
        isActive = !(environment["NOTIFY_SOCKET"] ?? "").isEmpty
        transmit = { _ = sd_notify(0, $0) }
    }

    /// Tells somebody else.
    package init(transmit: @escaping @Sendable (String) -> Void) {
        isActive = true
        self.transmit = transmit
    }

    /// Sends a message. One that can't be sent is dropped: the next one comes, and nothing hangs on any of them but the
    /// watchdog's, whose absence the manager takes for what it is.
    package func send(_ message: ServiceMessage) {
        guard isActive else { return }
        transmit(message.text)
    }

    /// Runs `body` as a reload: the manager learns when it begins and, whatever comes of it, when it is over.
    package func reloading<Result>(_ body: () throws -> Result) rethrows -> Result {
        send(.reloading(at: Self.monotonicMicroseconds))
        defer { send(.ready()) }
        return try body()
    }

    private static var monotonicMicroseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
    }
}
