import Blocking
import Varlink

/// Calls the control socket as a client does, to see whether it answers.
struct SelfCall: Sendable {
    /// Where the control socket is.
    let path: String
    /// How long connecting, and then the answer, may take.
    var timeout = Duration.seconds(5)

    /// Whether the server showed that it is at work: it answered, or it turned us away for a limit that others have used up.
    func isAnswered() async -> Bool {
        let path = path
        let timeout = timeout
        do {
            return try await onThread("self call") {
                let client = try VarlinkClient(path: path, timeout: timeout)
                _ = try client.information(timeout: timeout)
                return true
            }
        } catch let error as VarlinkConnectionError {
            return error.code == .closed
        } catch {
            return error is VarlinkError
        }
    }
}
