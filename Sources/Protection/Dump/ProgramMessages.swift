import Synchronization

/// What a program of PostgreSQL said on its standard error: the first errors and the last lines.
final class ProgramMessages: Sendable {
    private static let most = 20

    private struct State {
        var errors: [String] = []
        var errorCount = 0
        var lines: [String] = []
    }

    private let state = Mutex(State())

    /// Keeps a line.
    func add(_ line: String) {
        guard !line.isEmpty else { return }
        state.withLock { state in
            state.lines.append(line)
            if state.lines.count > Self.most { state.lines.removeFirst() }
            guard let text = Self.error(in: line) else { return }
            state.errorCount += 1
            if state.errors.count < Self.most { state.errors.append(text) }
        }
    }

    /// The first errors, without the program's name and the server's word for them.
    var errors: [String] { state.withLock { $0.errors } }

    /// How many errors there were.
    var errorCount: Int { state.withLock { $0.errorCount } }

    /// The last lines, oldest first.
    var lines: [String] { state.withLock { $0.lines } }

    /// What it ended with, in one line: its first error, else its last lines.
    var explanation: String? {
        state.withLock { state in
            if let first = state.errors.first { return first }
            let last = state.lines.suffix(3).joined(separator: "; ")
            return last.isEmpty ? nil : last
        }
    }

    /// The text of an error: `pg_dump: error: query failed: ERROR:  permission denied for table t` tells of the permission.
    static func error(in line: String) -> String? {
        guard let mark = line.firstRange(of: ": error: ") else { return nil }
        var text = line[mark.upperBound...]
        for word in ["ERROR:", "FATAL:"] {
            if let range = text.firstRange(of: word) { text = text[range.upperBound...] }
        }
        return String(text.drop { $0 == " " })
    }
}
