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

    /// The backup does not restore.
    static func failed(_ reason: String, hints: [String] = []) -> DrillObstacle {
        DrillObstacle(verdict: .failed, reason: reason, hints: hints)
    }
}
