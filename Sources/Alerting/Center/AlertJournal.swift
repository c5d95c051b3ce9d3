import FoundationEssentials
import Monitoring
import State

/// What is still to be written down. What can't be, as on a full disk, waits here and goes out with the next attempt;
/// telling people does not wait for it.
struct AlertJournal {
    /// What the memory's record holds.
    struct Memory: Codable {
        var book: AlertBook.Memory
        var clock: AlertClock.Mark
    }

    /// Finished deliveries that may wait; the oldest go first.
    private static let maximumFinished = 500

    private(set) var isBookChanged = false
    private var closed: [Int64: Alert] = [:]
    private var forgotten: Set<Int64> = []
    private var deliveries: [Int64: Delivery] = [:]
    private var records: [AlertRecipient: RecipientRecord?] = [:]

    /// Whether there is something to write.
    var isEmpty: Bool {
        !isBookChanged && closed.isEmpty && forgotten.isEmpty && deliveries.isEmpty && records.isEmpty
    }

    mutating func note(_ actions: AlertActions) {
        if actions.isChanged { isBookChanged = true }
        for transition in actions.transitions {
            switch transition {
            case .resolved(let alert), .replaced(let alert, _): closed[alert.id] = alert
            case .forgotten(let alert): forgotten.insert(alert.id)
            default: break
            }
        }
    }

    /// Has an alert written down as over that the book does not know.
    mutating func close(_ alert: Alert, at date: Date) {
        var alert = alert
        alert.phase = .resolved
        alert.resolvedAt = date
        closed[alert.id] = alert
        isBookChanged = true
    }

    /// Has the book written again, for its clock's sake.
    mutating func noteBook() { isBookChanged = true }

    mutating func note(deliveries new: [Delivery], records changed: [AlertRecipient: RecipientRecord?]) {
        for delivery in new { deliveries[delivery.id] = delivery }
        records.merge(changed) { $1 }
        let finished = deliveries.values.filter { $0.state != .queued }.map(\.id).sorted()
        for id in finished.dropLast(Self.maximumFinished) { deliveries[id] = nil }
    }

    /// What a failed attempt was to write and no later change has overtaken.
    mutating func putBack(_ earlier: AlertJournal) {
        isBookChanged = isBookChanged || earlier.isBookChanged
        closed.merge(earlier.closed) { newer, _ in newer }
        forgotten.formUnion(earlier.forgotten)
        deliveries.merge(earlier.deliveries) { newer, _ in newer }
        records.merge(earlier.records) { newer, _ in newer }
    }

    /// The rows to write.
    func change(book: AlertBook, clock: AlertClock.Mark) throws -> AlertChange {
        var change = AlertChange()
        if isBookChanged {
            change.alerts = try book.open.values.map(Self.row)
            change.silences = try book.silences.map {
                NamedRecord(name: "s\($0.id)", record: try JSONText(encoding: $0))
            }
            change.memory = try JSONText(encoding: Memory(book: book.memory, clock: clock))
        }
        change.alerts += try closed.values.map(Self.row)
        change.forgotten = forgotten.sorted()
        change.deliveries = try deliveries.values.sorted { $0.id < $1.id }.map { delivery in
            DeliveryRow(
                id: delivery.id,
                isQueued: delivery.state == .queued,
                channel: delivery.recipient.channel,
                recipient: delivery.recipient.address,
                record: try JSONText(encoding: delivery)
            )
        }
        for (recipient, record) in records {
            change.recipients[recipient.description] = .some(try record.map { try JSONText(encoding: $0) })
        }
        return change
    }

    private static func row(_ alert: Alert) throws -> AlertRow {
        AlertRow(
            id: alert.id,
            code: alert.code.rawValue,
            isOpen: alert.phase != .resolved,
            isFired: alert.firedAt != nil,
            beganAt: alert.beganAt,
            record: try JSONText(encoding: alert)
        )
    }
}
