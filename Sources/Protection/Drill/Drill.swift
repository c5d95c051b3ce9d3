package import Blocking
import Glibc
import PostgresClient
import Repository

/// Rehearses recovery: restores a backup into a scratch folder, boots a server of the same major version on it, lets it
/// recover, looks at all of it, and takes everything away again. A dump is loaded into an empty server instead.
///
/// All calls block for as long as it takes; make them on a thread of their own. Whatever happens, kill -9 aside, nothing is
/// left; what a killed process leaves is removed by ``removeLeftovers(directory:runtimeDirectory:)``, and its server ends with it.
package struct Drill: DrillPart {
    private let contents: BackupContents
    private let options: DrillOptions
    let cancellation: CancellationFlag
    private let progress: ProgressMeter
    let deadline: DrillDeadline

    /// - Parameters:
    ///   - contents: The backup.
    ///   - options: How to do it. The time allowed begins now.
    ///   - cancellation: Ends it, leaving nothing.
    ///   - progress: Gets the phases.
    package init(
        _ contents: BackupContents,
        options: DrillOptions,
        cancellation: CancellationFlag,
        progress: ProgressMeter
    ) {
        self.contents = contents
        self.options = options
        self.cancellation = cancellation
        self.progress = progress
        deadline = DrillDeadline(in: options.timeout)
    }

    /// Removes the drills of dead processes, with the servers that still run in them; for the daemon's start.
    ///
    /// - Parameters:
    ///   - directory: `DRILL_DIRECTORY`.
    ///   - runtimeDirectory: `RUNTIME_DIRECTORY`: where the sockets' folders are.
    /// - Returns: The ids of the jobs whose drills were removed.
    @discardableResult
    package static func removeLeftovers(directory: String, runtimeDirectory: String) -> [String] {
        DrillFolders.removeStale(in: directory, runtimeDirectory: runtimeDirectory)
    }

    /// Does it.
    ///
    /// - Returns: The verdict, whatever it is: a backup that does not restore is no error of the drill.
    /// - Throws: `CancellationError` only.
    package func run() throws -> DrillResult {
        let start = ContinuousClock.now
        var result = DrillResult(backup: contents.manifest.id)
        result.promisedLSN = contents.manifest.wal.flatMap { LSN($0.endLSN) }
        do {
            try perform(&result)
            result.conclude()
        } catch let obstacle as DrillObstacle {
            end(&result, obstacle)
        } catch let error as CancellationError {
            throw error
        } catch {
            end(&result, .cannotJudge("\(error)"))
        }
        result.seconds = (ContinuousClock.now - start) / .seconds(1)
        return result
    }

    /// A check that failed before the obstacle still decides.
    private func end(_ result: inout DrillResult, _ obstacle: DrillObstacle) {
        result.conclude()
        if result.verdict != .failed { result.verdict = obstacle.verdict }
        result.reasons.insert(obstacle.reason, at: 0)
        result.hints += obstacle.hints
    }

    // MARK: - Steps

    private func perform(_ result: inout DrillResult) throws {
        let major = contents.majorVersion
        guard let wal = contents.manifest.wal else {
            return try rehearseDump(&result)
        }
        guard let programs = ServerPrograms.find(major, configured: options.programs) else {
            throw DrillObstacle.cannotJudge(
                "the server programs of PostgreSQL \(major) are not on this machine",
                hints: ServerPrograms.installation(major)
            )
        }
        let user = try DrillUser.choose(for: options)
        let owner = user.owner
        let folders = try DrillFolders(options, owner: owner)
        defer { folders.remove() }
        let command = ConfinedCommand(user: user, writableFolders: [folders.scratch, folders.socket])
        let control = try time(.restore, &result) {
            try deadline.limit(cancellation) { halt in
                try restore(to: folders, timeline: wal.timeline, owner: owner, halt: halt)
            }
        }
        try time(.scan, &result) { try scan(wal, folders, programs: programs, command: command) }
        try examine(folders, control: control, programs: programs, command: command, owner: owner, &result)
        try checkPages(folders, control: control, programs: programs, command: command, &result)
    }

    private func rehearseDump(_ result: inout DrillResult) throws {
        guard let facts = contents.manifest.dump else {
            throw DrillObstacle.failed("the manifest of '\(contents.manifest.id)' does not say what it is of")
        }
        try DumpDrill(
            contents: contents,
            facts: facts,
            options: options,
            deadline: deadline,
            cancellation: cancellation,
            progress: progress
        ).perform(&result)
    }

    private func restore(
        to folders: DrillFolders,
        timeline: UInt32,
        owner: ExtractionLayout.Owner?,
        halt: CancellationFlag
    ) throws -> ControlFile {
        do {
            let control = try contents.controlFile()
            let needed = contents.manifest.table.bytes + 2 * contents.walBytes
            try checkSpace(in: folders, for: needed, reserve: options.reservedBytes)
            let writer = DataDirectoryWriter(
                contents: contents,
                tablespaces: contents.manifest.server.tablespaces.map {
                    .init(oid: $0.oid, folder: nil, linkTarget: "../\(TablespacePlacement.folder)/\($0.oid)")
                },
                owner: owner,
                settings: RecoverySettings(
                    target: .endOfBackup,
                    timeline: timeline,
                    limits: control.limits
                ),
                configuration: .recoveryOnly,
                workers: options.workers,
                cancellation: halt,
                progress: progress
            )
            _ = try writer.write(to: folders.data, scratch: folders.sorting)
            try Folders.remove(folders.sorting)
            return control
        } catch let error as RepositoryError {
            throw DrillObstacle.of(error)
        } catch let error as RestoreError {
            throw DrillObstacle.failed(error.message, hints: error.hint.map { [$0] } ?? [])
        }
    }

    private func scan(
        _ wal: BackupManifest.WAL,
        _ folders: DrillFolders,
        programs: ServerPrograms,
        command: ConfinedCommand
    ) throws {
        let lines = OutputTail()
        let created = OutputTail()
        let scan = command.command(
            programs.path("pg_waldump"),
            [
                "--path=\(folders.data)/\(RecoverySettings.walFolder)", "--rmgr=Tablespace",
                "--timeline=\(wal.timeline)",
                "--start=\(wal.startLSN)", "--end=\(wal.endLSN)",
            ]
        )
        let child = try ChildProcess(scan.path, scan.arguments) { line in
            lines.add(line)
            if let location = TablespaceRecord.createdLocation(in: line) { created.add(location) }
        }
        let status = try child.wait(deadline: deadline, cancellation: cancellation)
        if let location = created.lines.first {
            throw DrillObstacle.cannotJudge(
                "the tablespace at '\(location)' was created during the backup, and replaying that would write there",
                hints: ["Take another base backup: recyclicctl trigger-backup --kind base."]
            )
        }
        guard status == .exited(0) else {
            if ServerFailure.isFromOutside(status) {
                throw DrillObstacle.cannotJudge("pg_waldump was ended from outside (\(status))")
            }
            let text = "the backup's WAL can't be read: \(lines.explanation)"
            throw ServerFailure.isOfTheMachine(text) ? DrillObstacle.cannotJudge(text) : .failed(text)
        }
    }

    private func examine(
        _ folders: DrillFolders,
        control: ControlFile,
        programs: ServerPrograms,
        command: ConfinedCommand,
        owner: ExtractionLayout.Owner?,
        _ result: inout DrillResult
    ) throws {
        let configuration = DrillConfiguration(
            socketFolder: folders.socket,
            folder: folders.configuration,
            majorVersion: contents.majorVersion,
            limits: control.limits
        )
        try configuration.write(owner: owner)
        progress.enter("recovering")
        let server = try ScratchServer(
            programs: programs,
            data: folders.data,
            configuration: configuration,
            command: command
        )
        defer { if server.isRunning { server.kill() } }
        try server.waitUntilReady(deadline: deadline, cancellation: cancellation)
        let durations = server.durations
        result.phases.append(DrillPhase(name: .boot, seconds: durations.boot))
        result.phases.append(DrillPhase(name: .replay, seconds: durations.replay))
        result.recoveredLSN = try server.recoveredPosition()
        result.checks.append(positionCheck(result))
        let examination = ServerExamination(
            server: server,
            facts: contents.manifest.server,
            majorVersion: contents.majorVersion,
            statements: options.statements,
            deadline: deadline,
            cancellation: cancellation,
            progress: progress
        )
        try time(.checks, &result) { try examination.perform(&$0) }
        try time(.stop, &result) { try server.stop(deadline: deadline, cancellation: cancellation) }
    }

    private func positionCheck(_ result: DrillResult) -> DrillCheck {
        guard let recovered = result.recoveredLSN, let promised = result.promisedLSN else {
            return DrillCheck("end of recovery", .failed, detail: "no timeline was begun")
        }
        guard recovered >= promised else {
            let text = "the server opened at \(recovered), and \(promised) was promised"
            return DrillCheck("end of recovery", .failed, detail: text)
        }
        return DrillCheck("end of recovery", .passed, detail: "\(recovered)")
    }

    private func checkPages(
        _ folders: DrillFolders,
        control: ControlFile,
        programs: ServerPrograms,
        command: ConfinedCommand,
        _ result: inout DrillResult
    ) throws {
        guard control.hasChecksums else {
            let text = "the cluster has no data checksums (pg_checksums --enable turns them on while it is stopped)"
            result.checks.append(DrillCheck("page checksums", .cannotJudge, detail: text, isEssential: false))
            return
        }
        progress.enter("checking pages")
        let check = try time(.checksums, &result) { () throws -> DrillCheck in
            let tail = OutputTail()
            let wrong = OutputTail()
            let start = command.command(programs.path("pg_checksums"), ["--check", "-D", folders.data])
            let child = try ChildProcess(start.path, start.arguments) { line in
                tail.add(line)
                if line.contains("checksum verification failed in file") { wrong.add(line) }
            }
            let status = try child.wait(deadline: deadline, cancellation: cancellation)
            if status == .exited(0) { return DrillCheck("page checksums", .passed) }
            if ServerFailure.isFromOutside(status) {
                let text = "pg_checksums was ended from outside (\(status))"
                return DrillCheck("page checksums", .cannotJudge, detail: text)
            }
            let explanation = (wrong.lines.isEmpty ? tail.lines : wrong.lines).suffix(3).joined(separator: "; ")
            return DrillCheck("page checksums", .failed, detail: explanation)
        }
        result.checks.append(check)
    }
}
