/// The method `Doctor` of the interface; see its description for what the fields mean.
package enum Doctor: ControlMethod {
    package static let name = "Doctor"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package init() {}
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var findings: [DoctorFinding]

        package init(findings: [DoctorFinding]) {
            self.findings = findings
        }
    }
}
