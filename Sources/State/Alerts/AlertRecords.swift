package import FoundationEssentials

/// An alert as it is kept: what it is looked for by, and the rest as its owner writes it.
package struct AlertRow: Sendable, Hashable {
    /// Its number.
    package var id: Int64
    /// What it is about.
    package var code: String
    /// Whether it is over.
    package var isOpen: Bool
    /// Whether anybody was to be told of it.
    package var isFired: Bool
    package var beganAt: Date
    package var record: JSONText

    package init(id: Int64, code: String, isOpen: Bool, isFired: Bool, beganAt: Date, record: JSONText) {
        self.id = id
        self.code = code
        self.isOpen = isOpen
        self.isFired = isFired
        self.beganAt = beganAt
        self.record = record
    }
}

/// A message on its way to a recipient, as it is kept.
package struct DeliveryRow: Sendable, Hashable {
    /// Its number.
    package var id: Int64
    /// Whether it waits.
    package var isQueued: Bool
    package var channel: String
    package var recipient: String
    package var record: JSONText

    package init(id: Int64, isQueued: Bool, channel: String, recipient: String, record: JSONText) {
        self.id = id
        self.isQueued = isQueued
        self.channel = channel
        self.recipient = recipient
        self.record = record
    }
}

/// A record that is one of few: a silence by its number, a recipient's by its name.
package struct NamedRecord: Sendable, Hashable {
    package var name: String
    package var record: JSONText

    package init(name: String, record: JSONText) {
        self.name = name
        self.record = record
    }
}

/// What is written of alerts at once: all of it or nothing.
package struct AlertChange: Sendable, Hashable {
    /// Alerts that are new or changed.
    package var alerts: [AlertRow] = []
    /// Alerts that are forgotten.
    package var forgotten: [Int64] = []
    /// All silences there are now; `nil` leaves them.
    package var silences: [NamedRecord]?
    /// The rest that is remembered; `nil` leaves it.
    package var memory: JSONText?
    /// Deliveries that are new or changed.
    package var deliveries: [DeliveryRow] = []
    /// How deliveries to recipients went; without a record, the recipient is forgotten.
    package var recipients: [String: JSONText?] = [:]

    package init() {}

    package var isEmpty: Bool {
        alerts.isEmpty && forgotten.isEmpty && silences == nil && memory == nil && deliveries.isEmpty
            && recipients.isEmpty
    }
}

/// What is remembered of alerts when the daemon starts.
package struct AlertMemory: Sendable, Hashable {
    /// Those that are not over.
    package var open: [JSONText]
    package var silences: [JSONText]
    package var memory: JSONText?
    /// Deliveries that wait, oldest first.
    package var queued: [JSONText]
    package var recipients: [JSONText]
    /// Numbers that were never used.
    package var nextAlert: Int64
    package var nextDelivery: Int64
}
