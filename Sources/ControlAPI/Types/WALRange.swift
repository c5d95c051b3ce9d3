/// The WAL that a backup needs; the fields are those of `WALRange` in the interface description.
package struct WALRange: Codable, Sendable, Hashable {
    package var timeline: Int64
    package var startLSN: String
    package var endLSN: String
    package var segments: Int64

    package init(timeline: Int64, startLSN: String, endLSN: String, segments: Int64) {
        self.timeline = timeline
        self.startLSN = startLSN
        self.endLSN = endLSN
        self.segments = segments
    }
}
