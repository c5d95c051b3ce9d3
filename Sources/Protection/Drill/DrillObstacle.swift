import Repository

/// Why a drill ends before its checks, with the verdict that follows.
struct DrillObstacle: Error {
    /// `failed` or `cannotJudge`.
    let verdict: DrillVerdict
    /// What happened, a sentence.
    let reason: String
    /// What the operator can do.
    let hints: [String]

    /// Something that is not the backup's fault.
    static func cannotJudge(_ reason: String, hints: [String] = []) -> DrillObstacle {
        DrillObstacle(verdict: .cannotJudge, reason: reason, hints: hints)
    }

    /// Damage and loss in the repository are the backup's fault; a full disk and missing rights are the machine's.
    static func of(_ error: RepositoryError) -> DrillObstacle {
        let hints = error.hint.map { [$0] } ?? []
        return [.damaged, .notFound].contains(error.kind)
            ? .failed(error.message, hints: hints) : .cannotJudge(error.message, hints: hints)
    }

    /// The backup does not restore.
    static func failed(_ reason: String, hints: [String] = []) -> DrillObstacle {
        DrillObstacle(verdict: .failed, reason: reason, hints: hints)
    }
}
