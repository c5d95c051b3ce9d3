package import PostgresClient

/// A stretch of write-ahead log that a restore must replay.
package struct WALRange: Sendable, Equatable {
    package var timeline: TimelineID
    /// The first byte's position.
    package var start: LSN
    /// The position after the last byte.
    package var end: LSN

    package init(timeline: TimelineID, start: LSN, end: LSN) {
        self.timeline = timeline
        self.start = start
        self.end = end
    }
}
