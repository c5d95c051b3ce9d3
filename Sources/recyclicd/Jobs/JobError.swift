import Blocking
import State

/// Why a job can't be taken on.
struct JobError: OperatorError {
    let code: String
    let message: String
    let hint: String?

    /// The daemon is about to end.
    static let stopping = JobError(
        code: "stopping",
        message: "recyclicd is stopping and takes on no new job",
        hint: "Ask again once it runs: systemctl start recyclicd"
    )

    /// The queue is full.
    static func tooMany(_ limit: Int) -> JobError {
        JobError(
            code: "tooManyJobs",
            message: "\(limit) jobs wait already",
            hint: "Wait for them, or cancel some: recyclicctl jobs list"
        )
    }
}

extension JobFailure {
    /// Any error as the operator is told of it.
    init(_ error: any Error) {
        if let error = error as? any OperatorError {
            self.init(code: error.code, message: error.message, hint: error.hint)
        } else {
            self.init(code: "unexpected", message: "\(error)", hint: nil)
        }
    }
}

extension JobProgress {
    /// The counters of a meter.
    init(_ snapshot: ProgressSnapshot) {
        self.init(
            bytesDone: snapshot.bytesDone,
            bytesTotal: snapshot.bytesTotal,
            filesDone: snapshot.filesDone,
            filesTotal: snapshot.filesTotal
        )
    }
}
