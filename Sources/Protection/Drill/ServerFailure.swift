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

    /// The verdict on a server that ended while it started.
    static func obstacle(explanation: String) -> DrillObstacle {
        if isOfTheMachine(explanation) {
            return .cannotJudge("the restored server can't run on this machine: \(explanation)")
        }
        return .failed("the restored server did not start: \(explanation)")
    }

    /// The state of a check whose statement failed.
    static func state(of error: PostgresError) -> DrillCheck.State {
        // 53: out of disk, memory or connections. 58000 and 58P01 tell of files: of the machine's libraries, or of
        // the data, which the message tells apart. 0A000: built without a feature that the data uses.
        if let sqlState = error.sqlState, sqlState.hasPrefix("53") || sqlState == "0A000" { return .cannotJudge }
        return isOfTheMachine(error.message) ? .cannotJudge : .failed
    }

    static func isOfTheMachine(_ message: String) -> Bool {
        ofTheMachine.contains(where: message.contains)
    }
}
