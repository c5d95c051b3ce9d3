import Blocking
import Repository

/// What the drills of base backups and of dumps have in common.
protocol DrillPart {
    var deadline: DrillDeadline { get }
    var cancellation: CancellationFlag { get }
}

extension DrillPart {
    /// Does a phase and notes how long it took, whether it went well or not.
    func time<Value>(
        _ name: DrillPhase.Name,
        _ result: inout DrillResult,
        _ body: (inout DrillResult) throws -> Value
    ) throws -> Value {
        try deadline.check()
        try cancellation.check()
        let start = ContinuousClock.now
        defer { result.phases.append(DrillPhase(name: name, seconds: (ContinuousClock.now - start) / .seconds(1))) }
        return try body(&result)
    }

    /// Does a phase and notes how long it took.
    func time<Value>(
        _ name: DrillPhase.Name,
        _ result: inout DrillResult,
        _ body: () throws -> Value
    ) throws -> Value {
        try time(name, &result) { _ in try body() }
    }

    /// Looks whether there is room for what is restored.
    ///
    /// - Parameters:
    ///   - needed: How much it takes, in bytes.
    ///   - reserve: How much must stay free, in bytes.
    /// - Throws: ``DrillObstacle`` when there is not.
    func checkSpace(in folders: DrillFolders, for needed: Int64, reserve: Int64) throws {
        let free: Int64
        do {
            free = try Folders.freeBytes(at: folders.scratch)
        } catch let error as any OperatorError {
            throw DrillObstacle.cannotJudge(error.message, hints: error.hint.map { [$0] } ?? [])
        }
        guard free - reserve >= needed else {
            throw DrillObstacle.cannotJudge(
                "'\(folders.scratch)' needs \(needed) bytes, and its disk has \(free) free, of which \(reserve) must stay free",
                hints: [
                    "Set DRILL_DIRECTORY to a folder on a larger disk, or lower the reserve, ALERT_DISK_SPACE_CRITICAL."
                ]
            )
        }
    }
}
