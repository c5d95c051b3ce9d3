import Synchronization

/// What a program of PostgreSQL said on its standard error: the first errors and warnings, and the last lines. Bounded.
final class ProgramMessages: Sendable {
    private static let most = 20
    /// The longest warning with its details, in bytes.
    private static let longest = 1_000

    private struct State {
        var errors: [String] = []
        var errorCount = 0
        var warnings: [String] = []
        var lostWarnings = 0
        /// Whether the line before belongs to the last of the warnings that are kept.
        var isInWarning = false
        var lines: [String] = []
    }

    private let state = Mutex(State())

    /// Keeps a line.
    func add(_ line: String) {
        guard !line.isEmpty else { return }
        state.withLock { state in
            state.lines.append(line)
            if state.lines.count > Self.most { state.lines.removeFirst() }
            if let text = Self.warning(in: line) {
                let isNew = !state.warnings.contains { $0.hasPrefix(text) }
                state.isInWarning = isNew && state.warnings.count < Self.most
                if state.isInWarning { state.warnings.append(text) } else if isNew { state.lostWarnings += 1 }
                return
            }
            if state.isInWarning, let detail = Self.detail(in: line), let last = state.warnings.popLast() {
                let longer = "\(last) \(detail)"
                state.warnings.append(longer.utf8.count <= Self.longest ? longer : last)
                return
            }
            state.isInWarning = false
            guard let text = Self.error(in: line) else { return }
            state.errorCount += 1
            if state.errors.count < Self.most { state.errors.append(text) }
        }
    }

    /// The first errors, without the program's name and the server's word for them.
    var errors: [String] { state.withLock { $0.errors } }

    /// How many errors there were.
    var errorCount: Int { state.withLock { $0.errorCount } }

    /// The first warnings, each once, the program's and the server's, without their words for them.
    var warnings: [String] { state.withLock { $0.warnings } }

    /// How many warnings came after those that are kept.
    var lostWarnings: Int { state.withLock { $0.lostWarnings } }

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

    /// The text of a warning: of `pg_dump: warning: …`, or of `WARNING:  …` by the server.
    static func warning(in line: String) -> String? {
        for mark in [": warning: ", "WARNING:  "] {
            guard let range = line.firstRange(of: mark) else { continue }
            // The server's come as they are; in the middle of a line it is somebody's text.
            if mark.hasPrefix("W"), range.lowerBound != line.startIndex { continue }
            return String(line[range.upperBound...].drop { $0 == " " })
        }
        return nil
    }

    /// The text of a line that explains the one before it; hints aside.
    static func detail(in line: String) -> String? {
        for mark in [": detail: ", "DETAIL:  "] {
            guard let range = line.firstRange(of: mark) else { continue }
            return String(line[range.upperBound...].drop { $0 == " " })
        }
        return nil
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
