import Protection
import State

extension DrillRecord {
    /// From the beginning to a server that takes connections, in seconds: the time a real restore would take here.
    /// `nil` when it did not come so far.
    var recoverySeconds: Double? {
        guard phases.contains(where: { $0.name == Protection.DrillPhase.Name.replay.rawValue }) else { return nil }
        let recovery = [Protection.DrillPhase.Name.restore, .boot, .replay].map(\.rawValue)
        return phases.filter { recovery.contains($0.name) }.map(\.seconds).reduce(0, +)
    }
}
