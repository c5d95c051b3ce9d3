/// A session at the server that a dump is restored to.
struct TargetSession: Equatable {
    /// As an operator would name it: process id, role, application, address.
    var text: String
    /// Whether the role that restores may end it.
    var isOurs: Bool

    /// Some of them, for a message.
    static func list(_ sessions: [TargetSession]) -> String {
        sessions.map(\.text).joined(separator: ", ")
    }
}
