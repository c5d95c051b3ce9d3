import Glibc
import PostgresClient

/// Tells what is the backup's fault from what is the drill machine's.
enum ServerFailure {
    /// Parts of the server's messages that speak of the machine, not of the data.
    private static let ofTheMachine = [
        "No space left on device", "Cannot allocate memory", "could not create shared memory segment",
        "could not map anonymous shared memory", "could not create semaphores", "Permission denied",
        "Too many open files", "Read-only file system", "could not bind", "could not create lock file",
        "unrecognized configuration parameter", "database files are incompatible with server",
        "could not load library", "could not access file \"$libdir", "could not load locale",
        "incompatible with operating system", "locale name too long", "collation provider",
        "ICU is not supported", "insufficient resources",
    ]

    /// The signals that come from the kernel when memory is short, and from operators and service managers. Those that a program
    /// brings on itself, such as SIGSEGV, may be the data's fault.
    private static let signalsFromOutside = [SIGKILL, SIGTERM, SIGINT, SIGQUIT, SIGHUP]

    /// Whether a program was ended by somebody else, or could not be started. A guard tells its program's signal as 128 more, and
    /// 125 to 127 when there was no program to run.
    static func isFromOutside(_ status: ChildProcess.Status) -> Bool {
        switch status {
        case .signalled(let signal): signalsFromOutside.contains(signal)
        case .exited(let code): (125...127).contains(code) || signalsFromOutside.contains(code - 128)
        }
    }

    /// The verdict on a server that ended while it started.
    ///
    /// - Parameters:
    ///   - interference: What ended it from outside, if anything did.
    ///   - explanation: What its log tells.
    static func obstacle(interference: String?, explanation: String) -> DrillObstacle {
        if let interference { return endedFromOutside(while: "starting", interference) }
        if isOfTheMachine(explanation) {
            return .cannotJudge("the restored server can't run on this machine: \(explanation)")
        }
        return .failed("the restored server did not start: \(explanation)")
    }

    /// The verdict on a server that somebody else ended.
    static func endedFromOutside(while doing: String, _ interference: String) -> DrillObstacle {
        .cannotJudge(
            "the restored server was ended from outside while \(doing): \(interference)",
            hints: ["Look whether the machine was short of memory: journalctl -k | grep -i 'out of memory'"]
        )
    }

    /// The state of a check whose statement failed.
    static func state(of error: PostgresError) -> DrillCheck.State {
        // 53: out of disk, memory or connections. 57P01: an operator ended the session. 57P03: the server takes none now. 58000 and 58P01 tell of files: of the machine's libraries, or of
        // the data, which the message tells apart. 0A000: built without a feature that the data uses.
        if let sqlState = error.sqlState, sqlState.hasPrefix("53") || ["0A000", "57P01", "57P03"].contains(sqlState) {
            return .cannotJudge
        }
        return isOfTheMachine(error.message) ? .cannotJudge : .failed
    }

    static func isOfTheMachine(_ message: String) -> Bool {
        ofTheMachine.contains(where: message.contains)
    }
}
