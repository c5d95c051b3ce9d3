import ControlAPI
import Glibc
import Varlink

/// Prints events as they happen, and goes on where it was when the daemon was away.
struct EventFollower {
    /// How long to wait between two attempts to reach the daemon again.
    private static let pauseSeconds: UInt32 = 1

    let options: ConnectionOptions
    let kinds: [String]?
    let terminal: Terminal
    /// The last event that was shown.
    private var last: Int64?
    private var hasAnswered = false
    private var isAway = false

    init(options: ConnectionOptions, kinds: [String]?, terminal: Terminal) {
        self.options = options
        self.kinds = kinds
        self.terminal = terminal
    }

    /// Follows until the reader of our output is gone.
    ///
    /// - Parameters:
    ///   - since: From when on to show what happened before.
    ///   - limit: How much of it at most.
    /// - Throws: ``CommandFailure`` when the daemon was never reached, or does not accept what is asked.
    mutating func run(since: String?, limit: Int64) throws {
        while true {
            do {
                let daemon = try Daemon(options)
                let input = WatchEvents.Input(
                    after: last,
                    since: last == nil ? since : nil,
                    kinds: kinds,
                    limit: last == nil ? limit : nil
                )
                let rest = try daemon.follow(WatchEvents.self, input) { output in
                    came()
                    show(output.events)
                }
                show(rest.events)
                wentAway("it ended the stream")
            } catch let failure as CommandFailure where hasAnswered && isLoss(failure) {
                wentAway(failure.failure?.message ?? "it does not answer")
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

    private mutating func wentAway(_ reason: String) {
        guard !isAway else { return }
        isAway = true
        writeErrorLine("recyclicctl: lost \(options.unit) (\(reason)); waiting until it is back")
    }

    private mutating func show(_ events: [Event]) {
        var text = ""
        for event in events {
            // A state that was begun anew begins to count anew.
            last = event.id
            if options.json {
                text += ((try? JSONValue(encoding: event)) ?? .null).description + "\n"
            } else {
                text += EventView.line(event, terminal: terminal) + "\n"
            }
        }
        guard !text.isEmpty else { return }
        if !write(text, to: STDOUT_FILENO) { exit(ExitStatus.good) }
    }
}
