/// How log lines look on standard error. The journal gets fields instead.
package enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// Time, level, message and fields, for people.
    case text
    /// A JSON object a line.
    case json
}
