import ControlAPI
import Glibc

/// Follows what the daemon tells as it happens, and goes on when the daemon was away.
struct DaemonFollower {
    /// How long to wait between two attempts to reach the daemon again.
    private static let pauseSeconds: UInt32 = 1

    private let options: ConnectionOptions
    private var hasAnswered = false
    private var isAway = false

    init(_ options: ConnectionOptions) {
        self.options = options
    }

    /// Follows until the process ends.
    ///
    /// - Parameters:
    ///   - method: What tells it.
    ///   - input: What to ask, each time that the daemon is reached.
    ///   - onLoss: Called when the daemon is away, before that is told.
    ///   - show: Takes each reply.
    /// - Throws: ``CommandFailure`` when the daemon was never reached, or does not accept what is asked.
    mutating func follow<Method: ControlMethod>(
        _ method: Method.Type,
        input: () -> Method.Input,
        onLoss: () -> Void = {},
        show: (Method.Output) -> Void
    ) throws {
        while true {
            do {
                let rest = try Daemon(options).follow(method, input()) { output in
                    came()
                    show(output)
                }
                show(rest)
                wentAway("it ended the stream", onLoss)
            } catch let failure as CommandFailure where hasAnswered && isLoss(failure) {
                wentAway(failure.failure?.message ?? "it does not answer", onLoss)
            }
            sleep(Self.pauseSeconds)
        }
    }

    private func isLoss(_ failure: CommandFailure) -> Bool {
        failure.exitCode == ExitStatus.unreachable || failure.failure?.code == "stopping"
    }

    private mutating func came() {
        if isAway { writeErrorLine("recyclicctl: \(options.unit) is back") }
        hasAnswered = true
        isAway = false
    }

    private mutating func wentAway(_ reason: String, _ onLoss: () -> Void) {
        guard !isAway else { return }
        isAway = true
        onLoss()
        writeErrorLine("recyclicctl: lost \(options.unit) (\(reason)); waiting until it is back")
    }
}
