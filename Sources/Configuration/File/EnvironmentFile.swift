/// What a file of environment assignments says, and what was odd about how it says it.
package struct EnvironmentFile: Sendable, Equatable {
    /// `NAME=value`, with the value as systemd would pass it on.
    package struct Assignment: Sendable, Equatable {
        package let name: String
        package let value: String
        /// Line of the name, from 1; the value may go on for more.
        package let line: Int
    }

    /// A finding about the file's form, and the name it concerns.
    package struct Remark: Sendable, Equatable {
        /// `nil` when it concerns the file as such, whoever the names belong to.
        package let name: String?
        package let finding: ConfigurationFinding
    }

    /// In the order of the file; of several with one name the last counts.
    package fileprivate(set) var assignments: [Assignment] = []
    /// In the order of the file's lines.
    package fileprivate(set) var remarks: [Remark] = []

    init() {}

    mutating func append(_ assignment: Assignment) { assignments.append(assignment) }

    mutating func append(_ remark: Remark) { remarks.append(remark) }

    mutating func sortRemarks() {
        // A stable order by line: remarks on the whole file were made first and have no line or their first one.
        remarks = remarks.enumerated()
            .sorted { ($0.element.finding.line ?? 0, $0.offset) < ($1.element.finding.line ?? 0, $1.offset) }
            .map(\.element)
    }
}
