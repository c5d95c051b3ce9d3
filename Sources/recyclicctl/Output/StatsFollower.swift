import ControlAPI
import Glibc
import Varlink

/// Shows figures as they come: redrawn in place on a terminal, elsewhere a block each time that something changes, with `--json`
/// a line each.
final class StatsFollower {
    private let terminal: Terminal
    private let asJSON: Bool
    private var news = StatsNews()
    private var drawn = 0

    init(terminal: Terminal, asJSON: Bool) {
        self.terminal = terminal
        self.asJSON = asJSON
    }

    /// Leaves what is drawn where it is: something else is written below it.
    func breakOff() { drawn = 0 }

    /// Takes the newest figures, or the reason why there are none.
    func show(_ output: GetReceptionStats.Output) {
        if asJSON { return put([(try? JSONValue(encoding: output))?.description ?? "{}"]) }
        let (lines, isNews) = news.take(output)
        if terminal.isInteractive {
            // Up to where the last block began, and what is below goes.
            let start = drawn > 0 ? "\u{1B}[\(drawn)A\u{1B}[J" : ""
            let pieces = lines.flatMap { terminal.folded($0) }
            drawn = pieces.count
            put(pieces, after: start)
        } else if isNews {
            put(lines)
        } else if isReaderGone {
            exit(ExitStatus.good)
        }
    }

    /// Whether nobody would read what is written next.
    private var isReaderGone: Bool {
        var state = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&state, 1, 0) > 0 && state.revents & Int16(POLLERR) != 0
    }

    /// Writes lines; a reader that is gone wants no more.
    private func put(_ lines: [String], after start: String = "") {
        if !write(start + lines.map { $0 + "\n" }.joined(), to: STDOUT_FILENO) { exit(ExitStatus.good) }
    }
}
