import Synchronization

/// The last lines that a program wrote, and those that tell why it ended.
final class OutputTail: Sendable {
    private static let most = 30

    private struct State {
        var lines: [String] = []
        var failures: [String] = []
        var killing: String?
        var shutdown: String?
    }

    /// What a server's log says when the kernel or an operator ended one of its processes, and when it was asked to stop.
    private static let killings = ["was terminated by signal 9"]
    private static let shutdowns = [
        "received smart shutdown request", "received fast shutdown request", "received immediate shutdown request",
    ]

    private let state = Mutex(State())

    /// Keeps a line.
    func add(_ line: String) {
        state.withLock { state in
            state.lines.append(line)
            if state.lines.count > Self.most { state.lines.removeFirst() }
            if ["FATAL:", "PANIC:"].contains(where: line.contains), state.failures.count < Self.most {
                state.failures.append(line)
            }
            if Self.killings.contains(where: line.contains) { state.killing = state.killing ?? line }
            if Self.shutdowns.contains(where: line.contains) { state.shutdown = state.shutdown ?? line }
        }
    }

    /// The last lines, oldest first.
    var lines: [String] { state.withLock { $0.lines } }

    /// The line that says that a process was killed; `nil` when none does.
    var killing: String? { state.withLock { $0.killing.map(OutputTail.withoutPrefix) } }

    /// The line that says that the server was asked to stop; `nil` when none does.
    var shutdown: String? { state.withLock { $0.shutdown.map(OutputTail.withoutPrefix) } }

    /// The first lines that say FATAL or PANIC; without any, the last lines.
    var explanation: String {
        state.withLock { state in
            let chosen = state.failures.isEmpty ? state.lines.suffix(3) : state.failures.prefix(3)
            return chosen.map(OutputTail.withoutPrefix).joined(separator: "; ")
        }
    }

    /// A server's line without the time and process id before its level.
    private static func withoutPrefix(_ line: String) -> String {
        for level in ["FATAL:", "PANIC:", "LOG:", "ERROR:"] {
            if let range = line.firstRange(of: level) { return String(line[range.lowerBound...]) }
        }
        return line
    }
}
