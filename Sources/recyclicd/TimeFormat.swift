import FoundationEssentials

/// Times as the control interface gives them: RFC 3339 in UTC, whole seconds.
enum TimeFormat {
    static func text(_ date: Date) -> String {
        date.formatted(.iso8601)
    }
}
