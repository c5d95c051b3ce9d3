package import FoundationEssentials

/// A message on its way to one recipient.
package struct Delivery: Sendable, Hashable, Codable, Identifiable {
    /// Where it is.
    package enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// Waits for its turn, or for the next attempt. Can transition to: delivered, superseded, dropped.
        case queued
        /// The recipient's side took it over.
        case delivered
        /// A newer message says what it said, before it got there.
        case superseded
        /// Given up: too old, too many, or the recipient is on no list any more.
        case dropped
    }

    /// Its number.
    package let id: Int64
    package let message: AlertMessage
    package let recipient: AlertRecipient
    /// The alerts it is about.
    package let alerts: [Int64]
    /// Those of them whose end it tells; `nil` in what earlier versions wrote.
    private let ends: [Int64]?
    package internal(set) var state = State.queued
    /// Attempts that came to an end.
    package internal(set) var attempts = 0
    /// When it left the queue.
    package internal(set) var finishedAt: Date?
    /// Why the last attempt failed.
    package internal(set) var failure: DeliveryFailure?
    /// Those of its alerts whose end got there before it; `nil` is none.
    private var overtaken: Set<Int64>?
    /// When it was put in, on the alerts' clock.
    let queuedSeconds: Double

    init(
        id: Int64,
        message: AlertMessage,
        recipient: AlertRecipient,
        alerts: [Int64],
        ends: [Int64],
        seconds: Double
    ) {
        self.id = id
        self.message = message
        self.recipient = recipient
        self.alerts = alerts
        self.ends = ends
        queuedSeconds = seconds
    }

    /// The alerts whose end it tells.
    var ended: Set<Int64> { Set(ends ?? (message.kind == .resolved ? alerts : [])) }

    /// The alerts it is about whose end was not told yet.
    var current: [Int64] { alerts.filter { overtaken?.contains($0) != true } }

    /// Takes note of an end that got there before it.
    ///
    /// - Returns: Whether it speaks of that.
    mutating func note(endOf alerts: Set<Int64>) -> Bool {
        let common = alerts.intersection(current)
        guard !common.isEmpty else { return false }
        overtaken = (overtaken ?? []).union(common)
        return true
    }

    /// Whether it tells the end of something that another one speaks of, which is to be heard first.
    func isEnd(ofWhat other: Delivery) -> Bool { other.id < id && !ended.isDisjoint(with: other.alerts) }
}
