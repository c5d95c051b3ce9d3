import Synchronization

/// How far long messages came whose delivery ended in between, so that trying again does not repeat what arrived.
///
/// In memory alone: after a restart such a message arrives from its beginning.
final class TelegramProgress: Sendable {
    /// So many messages may be under way; the oldest is forgotten for a further one.
    private static let capacity = 16

    private let entries = Mutex<[(id: String, parts: Int)]>([])

    /// How many parts of the message have arrived.
    func partsSent(of id: String) -> Int {
        entries.withLock { $0.first { $0.id == id }?.parts ?? 0 }
    }

    /// Notes that so many parts have arrived; forgets the message when that is all of them.
    func note(_ parts: Int, of total: Int, _ id: String) {
        entries.withLock { entries in
            entries.removeAll { $0.id == id }
            guard parts < total else { return }
            if entries.count == Self.capacity { entries.removeFirst() }
            entries.append((id, parts))
        }
    }
}
