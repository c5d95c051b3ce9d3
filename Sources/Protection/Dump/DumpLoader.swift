import Blocking
import PostgresClient
import Repository

/// Feeds a dump to pg_restore, straight from the repository.
struct DumpLoader {
    /// What pg_restore could not do.
    struct Problems {
        /// The first of its errors.
        var errors: [String]
        /// How many there were.
        var count: Int
        /// Whether somebody else ended it.
        var interference: String?
    }

    /// Errors that say nothing about the data: a later pg_restore sets what an earlier server does not know.
    private static let harmless = ["unrecognized configuration parameter \"transaction_timeout\""]

    /// How long a server may read nothing before it counts as dead.
    private static let stallPatience = Duration.seconds(900)

    let reader: BackupFileReader
    let facts: DumpFacts
    let programs: ClientPrograms
    /// Where to, as whom, and into which database.
    let connection: ConnectionSettings
    /// The environment of this process.
    let environment: [String: String]
    /// As whom pg_restore runs.
    var user = DrillUser.ourselves
    let cancellation: CancellationFlag

    /// Loads the dump; what fails is passed over and told.
    ///
    /// - Parameter options: More of pg_restore's options.
    /// - Returns: What could not be done; `nil` when all could.
    /// - Throws: ``RepositoryError`` when the dump can't be read to its end; `CancellationError`.
    func run(_ options: [String] = []) throws -> Problems? {
        var connection = connection
        // A server that reads nothing for a while, as it does when its disk stalls, would count as dead: the kernel takes a closed
        // window for silence (tcp(7), TCP_USER_TIMEOUT), and hours of loading would be lost.
        connection.tcpUserTimeout = max(connection.tcpUserTimeout, Self.stallPatience)
        let program = try ClientProgram(
            programs.path("pg_restore"),
            ["--format=custom", "--no-password", "--dbname=\(connection.databaseArgument)"] + options,
            environment: connection.environment(inheriting: environment),
            input: .pipe,
            as: user
        )
        defer { program.end() }
        do {
            try reader.copy(facts.file) { bytes in
                guard try program.write(bytes, cancellation) else { throw EndOfInput() }
            }
        } catch is EndOfInput {}
        program.closeInput()
        let status = try program.wait(cancellation)
        let errors = program.messages.errors.filter { error in !Self.harmless.contains { error.contains($0) } }
        let ignored = program.messages.errors.count - errors.count
        let count = program.messages.errorCount - ignored
        if ServerFailure.isFromOutside(status) {
            return Problems(errors: errors, count: max(1, count), interference: "pg_restore ended with \(status)")
        }
        if count > 0 { return Problems(errors: errors, count: count) }
        // With errors that were passed over pg_restore ends with 1.
        if status == .exited(0) || ignored > 0 { return nil }
        let text = program.messages.explanation ?? "it ended with \(status)"
        return Problems(errors: [text], count: 1)
    }

    /// pg_restore reads no more: it has all it needs, or gave up.
    private struct EndOfInput: Error {}
}
