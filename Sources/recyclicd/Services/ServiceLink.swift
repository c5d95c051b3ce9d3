import Logging
import ServiceLifecycle
import Synchronization
import Systemd

/// Tells the service manager how the daemon is: ready once the control socket answers, alive as long as all its parts are,
/// stopping while it drains.
///
/// It is the first of the services, so that it ends last; ``StopNotice``, the last of them, tells it that the end begins.
final class ServiceLink: Service {
    /// Between two looks at the parts, where the watchdog does not ask for more.
    private static let interval = Duration.seconds(15)
    /// While the daemon drains it asks for so much more time, so often. How long draining may take is bounded elsewhere.
    private static let extensionInterval = Duration.seconds(3)
    private static let extensionTime = Duration.seconds(10)

    private let notifier: ServiceNotifier
    private let watchdog: Duration?
    private let heartbeats: Heartbeats
    private let control: Heartbeats.Heart
    private let selfCall: SelfCall
    private let onReady: @Sendable () -> Void
    private let logger: Logger
    private let status = Mutex("measuring for the first time")
    private let stops: AsyncStream<Void>
    private let stop: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - notifier: The way to the service manager.
    ///   - watchdog: How often it wants a sign of life; `nil` for never.
    ///   - heartbeats: The parts that must be alive.
    ///   - selfCall: Asks the control server, which is a part too.
    ///   - onReady: Called once when the daemon answers.
    init(
        notifier: ServiceNotifier,
        watchdog: Duration?,
        heartbeats: Heartbeats,
        selfCall: SelfCall,
        onReady: @escaping @Sendable () -> Void,
        logger: Logger
    ) {
        self.notifier = notifier
        self.watchdog = watchdog
        self.heartbeats = heartbeats
        control = heartbeats.part("control socket", patience: .seconds(60))
        self.selfCall = selfCall
        self.onReady = onReady
        self.logger = logger
        (stops, stop) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Shows a state in one line.
    func show(_ text: String) {
        let isNew = status.withLock { status in
            defer { status = text }
            return status != text
        }
        if isNew { notifier.send(.status(text)) }
    }

    /// Says that the end begins.
    func beginStopping() { stop.yield() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.drain() }
                await self.becomeReady()
                if let watchdog = self.watchdog { await self.watch(every: min(Self.interval, watchdog / 4)) }
                // Not needed any more, but whoever returns ends the daemon.
                await group.waitForAll()
            }
        }
        try? await gracefulShutdown()
    }

    private func becomeReady() async {
        while !Task.isCancelled, await !selfCall.isAnswered() { try? await Task.sleep(for: .milliseconds(100)) }
        guard !Task.isCancelled else { return }
        notifier.send(.ready(status: status.withLock { $0 }))
        onReady()
    }

    private func watch(every interval: Duration) async {
        var told: [String] = []
        while !Task.isCancelled {
            if await selfCall.isAnswered() { control.beat() }
            let stuck = heartbeats.stuckParts
            if stuck.isEmpty { notifier.send(.alive) }
            for part in stuck where !told.contains(part) {
                logger.log(
                    .partStuck,
                    level: .critical,
                    "the \(part) is stuck, so the service manager will start the daemon afresh",
                    metadata: [LogKey.part: "\(part)"]
                )
            }
            told = stuck
            try? await Task.sleep(for: interval)
        }
    }

    private func drain() async {
        for await _ in stops {
            notifier.send(.stopping(status: "stopping: running jobs are asked to end"))
            while !Task.isCancelled {
                notifier.send(.extendTimeout(by: Self.extensionTime))
                try? await Task.sleep(for: Self.extensionInterval)
            }
        }
    }
}
