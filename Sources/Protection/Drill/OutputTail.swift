import Synchronization

/// The last lines that a program wrote, and those that tell why it ended.
final class OutputTail: Sendable {
    private static let most = 30

    private struct State {
        var lines: [String] = []
        var failures: [String] = []
    }

    private let state = Mutex(State())

    /// Keeps a line.
    func add(_ line: String) {
        state.withLock { state in
            state.lines.append(line)
            if state.lines.count > Self.most { state.lines.removeFirst() }
            if ["FATAL:", "PANIC:"].contains(where: line.contains), state.failures.count < Self.most {
                state.failures.append(line)
            }
        }
    }

    /// The last lines, oldest first.
    var lines: [String] { state.withLock { $0.lines } }

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
