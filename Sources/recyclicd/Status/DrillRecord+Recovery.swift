import Protection
import State

extension DrillRecord {
    /// From the beginning to a server that takes connections, and has the database of a dump, in seconds: the time a real restore would take here.
    /// `nil` when it did not come so far.
    var recoverySeconds: Double? {
        let last = [Protection.DrillPhase.Name.replay, .load].map(\.rawValue)
        guard phases.contains(where: { last.contains($0.name) }) else { return nil }
        let recovery = Protection.DrillPhase.recovering.map(\.rawValue)
        return phases.filter { recovery.contains($0.name) }.map(\.seconds).reduce(0, +)
    }
}
