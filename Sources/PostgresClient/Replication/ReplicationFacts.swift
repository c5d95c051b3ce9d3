/// What `IDENTIFY_SYSTEM` says.
package struct SystemIdentification: Hashable, Sendable {
    /// The cluster's identifier: unique by the time it was made.
    package let systemIdentifier: UInt64
    /// The server's current timeline.
    package let timeline: TimelineID
    /// The end of the WAL that the server has flushed.
    package let flushPosition: LSN
    /// The database connected to; `nil` on a connection with `replication=true`.
    package let database: String?
}

/// What `READ_REPLICATION_SLOT` says of a physical slot.
package struct PhysicalSlot: Hashable, Sendable {
    /// The oldest position that it keeps; `nil` when it reserves no WAL yet.
    package let restartPosition: LSN?
    /// The timeline of that position.
    package let restartTimeline: TimelineID?
}

/// A timeline's history file.
package struct TimelineHistory: Hashable, Sendable {
    /// Its name, `00000002.history`.
    package let fileName: String
    /// Its bytes.
    package let content: [UInt8]
}

/// A position in WAL and the timeline it lies on.
package struct TimelinePosition: Hashable, Sendable {
    /// The position.
    package let position: LSN
    /// The timeline.
    package let timeline: TimelineID

    /// Makes a pair.
    package init(position: LSN, timeline: TimelineID) {
        self.position = position
        self.timeline = timeline
    }
}
