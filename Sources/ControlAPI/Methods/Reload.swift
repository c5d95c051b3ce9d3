/// The method `Reload` of the interface; see its description for what the fields mean.
package enum Reload: ControlMethod {
    package static let name = "Reload"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package init() {}
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var changed: [String]
        package var warnings: [String]
        package var needRestart: [String]

        package init(changed: [String], warnings: [String], needRestart: [String]) {
            self.changed = changed
            self.warnings = warnings
            self.needRestart = needRestart
        }
    }
}
