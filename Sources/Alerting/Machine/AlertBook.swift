package import Monitoring

/// All that the alerts know: written down and read back, the machine goes on as if nothing had been.
package struct AlertBook: Sendable, Hashable {
    /// The problems that are here, at most one of each code.
    package internal(set) var open: [HealthReasonCode: Alert] = [:]
    package internal(set) var silences: [Silence] = []
    /// The rest.
    package internal(set) var memory = Memory()

    /// What the machine remembers beside what is open.
    package struct Memory: Sendable, Hashable, Codable {
        /// The alerts' clock at the last event.
        package internal(set) var seconds = 0.0
        /// The alerts' clock at the last look; `nil` before the first, and as earlier versions wrote it.
        var lookedSeconds: Double?
        /// The number of the next alert.
        package internal(set) var nextAlert: Int64 = 1
        /// The number of the next silence.
        package internal(set) var nextSilence: Int64 = 1
        /// What is told once: when it was seen last.
        var knownSeconds: [HealthReasonCode: Double] = [:]
        /// What was over lately, and how often it came back.
        var endings: [HealthReasonCode: Ending] = [:]
        /// What each recipient got lately.
        var allowances: [AlertRecipient: Allowance] = [:]

        package init() {}
    }

    /// How an alert ended.
    struct Ending: Sendable, Hashable, Codable {
        var seconds: Double
        var flaps: Int
    }

    package init() {}

    /// What was written down.
    ///
    /// - Parameters:
    ///   - open: The alerts that are not over; of two about the same, the newer goes on.
    ///   - silences: The silences.
    ///   - memory: The rest.
    ///   - nextAlert: A number that no alert ever had.
    package init(open: [Alert], silences: [Silence], memory: Memory, nextAlert: Int64 = 1) {
        self.open = Dictionary(open.map { ($0.code, $0) }) { one, other in
            var (newer, older) = one.id > other.id ? (one, other) : (other, one)
            // They were told of the problem, and hear of its end.
            newer.join(older.told)
            return newer
        }
        self.silences = silences
        self.memory = memory
        // What was written last may be older than what was told from memory; numbers are never used twice.
        self.memory.nextAlert = max(memory.nextAlert, nextAlert, (open.map(\.id).max() ?? 0) + 1)
        self.memory.nextSilence = max(memory.nextSilence, (silences.map(\.id).max() ?? 0) + 1)
    }

    /// Whether a silence lies over a problem.
    package func isSilenced(_ code: HealthReasonCode) -> Bool { silences.contains { $0.covers(code) } }

    /// How an alert stands.
    package func state(of alert: Alert) -> AlertState { AlertState(alert, isSilenced: isSilenced(alert.code)) }

    /// What is open, the worst first, then by age.
    package var sorted: [Alert] {
        open.values.sorted { $0.level == $1.level ? $0.id < $1.id : $0.level > $1.level }
    }
}
