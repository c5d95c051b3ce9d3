import FoundationEssentials
import State

/// What is remembered of a job beside the columns that all jobs have.
struct JobDetail: Codable, Sendable {
    var target: String?
    var backup: String?
}
