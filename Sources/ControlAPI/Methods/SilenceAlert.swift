/// The method `SilenceAlert` of the interface; see its description for what the fields mean.
package enum SilenceAlert: ControlMethod {
    package static let name = "SilenceAlert"

    /// The parameters of a call.
    package struct Input: Codable, Sendable, Hashable {
        package var id: String
        package var seconds: Int64
        package var reason: String

        package init(id: String, seconds: Int64, reason: String) {
            self.id = id
            self.seconds = seconds
            self.reason = reason
        }
    }

    /// The parameters of a reply.
    package struct Output: Codable, Sendable, Hashable {
        package var silence: Silence
        package var unwritten: Failure?

        package init(silence: Silence, unwritten: Failure? = nil) {
            self.silence = silence
            self.unwritten = unwritten
        }
    }
}
