/// What protects a server: base backups of the whole cluster, or dumps of each database.
package struct BackupMethodDecision: Sendable, Hashable, Codable {
    /// The kinds of protection.
    package enum Method: String, Sendable, Hashable, Codable {
        /// The whole cluster.
        case base
        /// Each database by itself.
        case dump
    }

    /// What an operator wishes: `BACKUP_METHOD`.
    package enum Wish: String, Sendable, Hashable {
        /// Base backups where they are possible.
        case auto
        case base
        case dump
    }

    /// What the server said about base backups.
    package enum Answer: Sendable, Hashable {
        /// They are possible.
        case possible
        /// It refuses them; why, and what would change that.
        case refused(reason: String, hint: String?)
        /// It was not asked, or did not answer.
        case unknown
    }

    /// What protects.
    package var method: Method
    /// Why base backups are not possible, where that decided it.
    package var reason: String?
    /// What would make them possible.
    package var hint: String?

    package init(_ method: Method, reason: String? = nil, hint: String? = nil) {
        self.method = method
        self.reason = reason
        self.hint = hint
    }

    /// Decides. Pure.
    ///
    /// - Parameters:
    ///   - wish: What the operator wishes.
    ///   - wasBasePossible: Whether base backups of this cluster were possible before. Then a refusal is a fault to be told, and no
    ///     reason to protect less.
    ///   - answer: What the server says now.
    ///   - previous: What was decided before.
    package static func decide(
        _ wish: Wish,
        wasBasePossible: Bool,
        answer: Answer,
        previous: BackupMethodDecision?
    ) -> BackupMethodDecision {
        switch wish {
        case .base: return BackupMethodDecision(.base)
        case .dump: return BackupMethodDecision(.dump)
        case .auto:
            if wasBasePossible { return BackupMethodDecision(.base) }
            switch answer {
            case .possible: return BackupMethodDecision(.base)
            case .refused(let reason, let hint): return BackupMethodDecision(.dump, reason: reason, hint: hint)
            case .unknown: return previous ?? BackupMethodDecision(.base)
            }
        }
    }
}
