package import FoundationEssentials

/// The name and the type of a single remembered value.
package struct StateKey<Value: Codable & Sendable>: Sendable {
    /// The name it is stored under.
    package let name: String

    package init(_ name: String) {
        self.name = name
    }
}

extension StateKey where Value == Date {
    /// When the daemon ran here for the first time.
    package static var firstStart: StateKey<Date> { StateKey("firstStart") }

    /// When the last run that the schedule asked for began.
    ///
    /// - Parameter kind: What the schedule is for.
    package static func lastScheduledRun(of kind: JobKind) -> StateKey<Date> {
        StateKey("lastScheduledRun.\(kind.rawValue)")
    }

    /// Since when the schedule is the one that is in force.
    ///
    /// - Parameter kind: What the schedule is for.
    package static func scheduleInForceSince(of kind: JobKind) -> StateKey<Date> {
        StateKey("scheduleInForceSince.\(kind.rawValue)")
    }
}

extension StateKey where Value == String {
    /// The schedule that was in force last, as the operator wrote it; a different one starts to count anew.
    ///
    /// - Parameter kind: What the schedule is for.
    package static func scheduleInForce(of kind: JobKind) -> StateKey<String> {
        StateKey("scheduleInForce.\(kind.rawValue)")
    }
}

extension StateKey where Value == [String] {
    /// The databases that the last dump was to take.
    package static var dumpedDatabases: StateKey<[String]> { StateKey("dumpedDatabases") }
}

extension StateKey where Value == LeftOutDatabases {
    /// What the last dump job left out; of one that was told what to dump, nothing.
    package static var leftOutDatabases: StateKey<LeftOutDatabases> { StateKey("leftOutDatabases") }
}

extension StateKey where Value == String {
    /// The system identifier of the cluster that base backups were possible of.
    package static var baseBackupsPossible: StateKey<String> { StateKey("baseBackupsPossible") }

    /// The system identifier of the server that answered last, whether it was backed up or not.
    package static var seenCluster: StateKey<String> { StateKey("seenCluster") }
}

extension StateKey where Value == ClockMark {
    /// The last reading of both clocks.
    package static var clockMark: StateKey<ClockMark> { StateKey("clockMark") }
}

extension StateKey where Value == ClockJump {
    /// The last time the wall clock was set by a lot.
    package static var clockJump: StateKey<ClockJump> { StateKey("clockJump") }
}

extension StateKey where Value == KnownCluster {
    /// The cluster that was backed up last.
    package static var knownCluster: StateKey<KnownCluster> { StateKey("knownCluster") }
}

extension StateKey where Value == DaemonRun {
    /// The present run of the daemon; until it is recorded, the last one.
    package static var daemonRun: StateKey<DaemonRun> { StateKey("daemonRun") }
}

extension StateKey where Value == WatchedConditions {
    /// How things stood when they changed last.
    package static var conditions: StateKey<WatchedConditions> { StateKey("conditions") }
}
