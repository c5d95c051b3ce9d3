import FoundationEssentials
import State

/// What is kept of a job's result: the backup it stored or worked on, and its report.
struct JobRecord: Codable, Sendable {
    var backup: String?
    /// JSON text of the report.
    var report: String?

    init(_ result: JobResult) {
        backup = result.backup
        report = result.report?.text
    }

    /// What a finished job left; `nil` when it left nothing.
    init?(_ job: State.Job) {
        guard let text = job.result?.text,
            let record = try? JSONDecoder().decode(JobRecord.self, from: Data(text.utf8))
        else { return nil }
        self = record
    }

    /// The record as it is stored.
    var text: JSONText {
        get throws { try JSONText(encoding: self) }
    }

    /// The report as a type of the control interface.
    func report<Report: Decodable>(as type: Report.Type) -> Report? {
        report.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}
