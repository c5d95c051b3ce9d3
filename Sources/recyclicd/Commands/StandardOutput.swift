import Blocking
import ControlAPI
import Foundation

/// What the subcommands print. Logs go elsewhere: to standard error.
enum StandardOutput {
    /// Whether somebody looks at a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns of the terminal, or 120.
    static var width: Int {
        var size = winsize()
        guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
        return Int(size.ws_col)
    }

    /// Writes text as it is.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Writes one line.
    static func writeLine(_ line: String = "") {
        write(line + "\n")
    }

    /// Writes a value as JSON with sorted keys.
    static func writeJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    /// Tells why a command failed: `{"error": …}` on standard output with `--json`, else a sentence on standard error.
    static func report(_ error: any Error, asJSON: Bool) {
        let failure =
            if let error = error as? any OperatorError {
                Failure(code: error.code, message: error.message, hint: error.hint)
            } else if error is CancellationError {
                Failure(code: "cancelled", message: "cancelled")
            } else {
                Failure(code: "unexpected", message: "\(error)")
            }
        if asJSON {
            try? writeJSON(["error": failure])
        } else {
            let hint = failure.hint.map { "\n  → \($0)" } ?? ""
            FileHandle.standardError.write(Data("recyclicd: \(failure.message)\(hint)\n".utf8))
        }
    }
}
