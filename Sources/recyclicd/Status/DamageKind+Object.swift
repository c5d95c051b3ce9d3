import Monitoring
import Repository

extension DamageKind {
    /// - Parameter name: An object's name, or `chunk` and an id, as verify gives them.
    init(ofObject name: String) {
        switch ObjectKind(name: name) {
        case .pack: self = .chunks
        case .index, .tombstone: self = .derived
        case .manifest: self = .manifest
        case .wal: self = ObjectName.file(of: name).contains(".history-") ? .history : .wal
        case .mark, .repository: self = .other
        case .unknown: self = name.hasPrefix("chunk ") ? .chunks : .other
        }
    }
}
