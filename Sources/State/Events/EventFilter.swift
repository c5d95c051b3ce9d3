package import FoundationEssentials

/// Which events are wanted.
package struct EventFilter: Sendable, Hashable {
    /// Only with a higher number.
    package var after: Int64
    /// Only from this time on.
    package var since: Date?
    /// Only before this time.
    package var until: Date?
    /// Only of these kinds; empty for all.
    package var kinds: Set<String>

    package init(after: Int64 = 0, since: Date? = nil, until: Date? = nil, kinds: Set<String> = []) {
        self.after = after
        self.since = since
        self.until = until
        self.kinds = kinds
    }
}
