import FoundationEssentials
import State

/// What is kept of a job's result: the backups it stored or worked on, and its report.
struct JobRecord: Codable, Sendable {
    /// The only backup, in the records of older versions.
    private var backup: String?
    private var backups: [String]?
    /// JSON text of the report.
    var report: String?

    init(_ result: JobResult) {
        backups = result.backups.isEmpty ? nil : result.backups
        report = result.report?.text
    }

    /// What a finished job left; `nil` when it left nothing.
    init?(_ job: State.Job) {
        self.init(text: job.result)
    }

    /// What was stored; `nil` when that is nothing.
    init?(text: JSONText?) {
        guard let text = text?.text, let record = try? JSONDecoder().decode(JobRecord.self, from: Data(text.utf8))
        else {
            return nil
        }
        self = record
    }

    /// The backups that the job stored or worked on, in order.
    var backupIDs: [String] { backups ?? backup.map { [$0] } ?? [] }

    /// The record as it is stored.
    var text: JSONText {
        get throws { try JSONText(encoding: self) }
    }

    /// The report as a type of the control interface.
    func report<Report: Decodable>(as type: Report.Type) -> Report? {
        report.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}
