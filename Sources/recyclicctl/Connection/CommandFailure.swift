import ControlAPI
import Varlink

/// Why a command ends with another code than 0, with what is to be said about it.
struct CommandFailure: Error {
    /// The code the process ends with.
    let exitCode: Int32
    /// What went wrong; `nil` when everything has been said already.
    let failure: Failure?
    /// Whether it is told as JSON on standard output.
    let asJSON: Bool

    /// A failure to be told.
    init(_ failure: Failure, exitCode: Int32 = ExitStatus.bad, asJSON: Bool) {
        self.exitCode = exitCode
        self.failure = failure
        self.asJSON = asJSON
    }

    /// An exit code alone: what was printed tells why.
    init(exitCode: Int32) {
        self.exitCode = exitCode
        failure = nil
        asJSON = false
    }

    /// Tells the failure: `{"error": …}` on standard output for `--json`, else a sentence on standard error.
    func report() {
        guard let failure else { return }
        if asJSON {
            let error = (try? JSONValue(encoding: failure)) ?? .null
            writeLine(JSONValue.object(["error": error]).prettyDescription)
        } else {
            writeErrorLine("recyclicctl: \(failure.message)" + (failure.hint.map { "\n  → \($0)" } ?? ""))
        }
    }
}
