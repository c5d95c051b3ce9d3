import Blocking
import Glibc
import PostgresClient

/// Gathers what doctor judges: asks the server, the file system and the machine, each within seconds, none of them
/// failing the others. It changes nothing.
package struct DoctorProbe: Sendable {
    private let setup: DoctorSetup
    /// How long one question may take.
    static let patience = Duration.seconds(5)

    /// - Parameter setup: What recyclicd is told to do.
    package init(_ setup: DoctorSetup) {
        self.setup = setup
        var settings = setup.connection
        settings.connectTimeout = min(settings.connectTimeout, Self.patience)
        settings.queryTimeout = Self.patience
        settings.livenessTimeout = Self.patience
        settings.cancelTimeout = .seconds(1)
        settings.applicationName = "recyclicd doctor"
        connection = settings
    }

    /// The setup's settings with less patience.
    let connection: ConnectionSettings

    /// Looks at everything; takes at most about half a minute, when nothing answers.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, and nothing else.
    package func facts() async throws -> DoctorFacts {
        var facts = DoctorFacts(setup: setup, user: LocalMachine.userName(geteuid()))
        facts.isRoot = geteuid() == 0
        facts.resolution = await resolution()
        switch facts.resolution {
        case .notNeeded, .found: facts.connection = try await session()
        case .failed, .timedOut: break
        }
        if let server = facts.server, server.version.major >= 15, server.isInRecovery != true {
            facts.replication = try await replication()
        }
        await addFolders(to: &facts)
        await addMachine(to: &facts)
        return facts
    }

    private func resolution() async -> DoctorFacts.Resolution {
        let host = connection.host
        guard !connection.isLocalSocket, !HostBasedAccess.isAddress(host) else { return .notNeeded }
        let answer = await firstAnswer(within: Self.patience, "doctor names") { LocalMachine.lookUp(host) }
        return answer ?? .timedOut
    }

    private func replication() async throws -> DoctorFacts.Replication {
        let cancellation = CancellationFlag()
        let settings = connection
        do {
            return try await onThread("doctor replicas", cancelling: cancellation) {
                let connection = try ReplicationConnection.connect(settings, cancellation: cancellation)
                _ = try connection.identifySystem()
                return .works(connection.mode)
            }
        } catch let error as PostgresError {
            return .failed(error)
        }
    }

    private func addFolders(to facts: inout DoctorFacts) async {
        let setup = setup
        facts.repository = await folder(setup.repository)
        facts.state = await folder(setup.stateDirectory)
        facts.scratch = await folder(setup.drillDirectory)
        let isLocal = connection.isLocalSocket || Diagnosis(facts: facts).isLoopback
        guard isLocal, let directory = facts.server?.settings["data_directory"]?.value else { return }
        let mayBeContainer = !connection.isLocalSocket
        let disk = await firstAnswer(within: Self.patience, "doctor disk") {
            LocalMachine.databaseDisk(directory, mayBeContainer: mayBeContainer)
        }
        facts.databaseDisk = disk ?? nil
    }

    private func folder(_ path: String) async -> DoctorFacts.Folder? {
        await firstAnswer(within: Self.patience, "doctor folder") { LocalMachine.folder(path) }
    }

    private func addMachine(to facts: inout DoctorFacts) async {
        let setup = setup
        let major = facts.server?.version.major
        let programs = await firstAnswer(within: Self.patience, "doctor programs") {
            major.flatMap { ServerPrograms.find($0, configured: setup.binDirectory)?.directory }
        }
        facts.programs = programs ?? nil
        if let major, setup.takesDumps || setup.method != .base {
            let found = await firstAnswer(within: Self.patience, "doctor dumps") { Self.dumpPrograms(major, setup) }
            facts.dumpPrograms = found ?? .unknown
        }
        facts.unit = LocalMachine.unit()
        let identity = await firstAnswer(within: Self.patience, "doctor drills") { LocalMachine.drillIdentity(setup) }
        facts.drillIdentity = identity ?? .unknown
        // systemd-timesyncd makes this file when the clock was set by a time server.
        facts.isClockServed = access("/run/systemd/timesync/synchronized", F_OK) == 0
    }

    private static func dumpPrograms(_ major: Int, _ setup: DoctorSetup) -> DoctorFacts.DumpPrograms {
        do {
            let programs = try ClientPrograms.find(for: major, configured: setup.binDirectory)
            return .found(programs.directory, version: programs.versionText)
        } catch let error as BackupError {
            return .missing(reason: error.message, hint: error.hint)
        } catch {
            return .unknown
        }
    }
}
