import Blocking
import PostgresClient

/// Runs the operator's own checks on a restored server.
struct OwnCheck {
    let server: ScratchServer
    /// A superuser.
    let user: String
    let deadline: DrillDeadline
    let cancellation: CancellationFlag

    /// Runs one: it must succeed, and its first value must not be false.
    ///
    /// - Throws: ``DrillObstacle`` when the server was ended from outside or the deadline passed; `CancellationError`.
    func run(_ statement: DrillStatement, number: Int, in database: String) throws -> DrillCheck {
        let name = "own check \(number) in \"\(database)\""
        do {
            let connection = try server.connect(
                database: database,
                user: user,
                keepsSearchPath: true,
                cancellation: cancellation
            )
            let rows = try connection.simpleQuery(
                statement.sql,
                timeout: deadline.remaining,
                cancellation: cancellation
            ).rows
            guard rows.first?.texts.first != .some("f") else {
                return DrillCheck(name, .failed, detail: "its first value is false")
            }
            return DrillCheck(name, .passed, detail: rows.first?.texts.first.flatMap { $0 })
        } catch let error as PostgresError {
            try deadline.check()
            if error.isTransient, let interference = server.interference() {
                throw ServerFailure.endedFromOutside(while: "running \(name)", interference)
            }
            return DrillCheck(name, ServerFailure.state(of: error), detail: error.message)
        }
    }
}
