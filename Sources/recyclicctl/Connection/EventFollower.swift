import ControlAPI
import Glibc
import Varlink

/// Prints events as they happen, and goes on where it was when the daemon was away.
final class EventFollower {
    private let options: ConnectionOptions
    private let kinds: [String]?
    private let terminal: Terminal
    /// The last event that was shown.
    private var last: Int64?

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
    func run(since: String?, limit: Int64) throws {
        var daemon = DaemonFollower(options)
        try daemon.follow(
            WatchEvents.self,
            input: {
                WatchEvents.Input(
                    after: last,
                    since: last == nil ? since : nil,
                    kinds: kinds,
                    limit: last == nil ? limit : nil
                )
            },
            show: { show($0.events) }
        )
    }

    private func show(_ events: [Event]) {
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
