import PostgresClient

/// The folders that recyclicd needs, and the disks they lie on.
extension Diagnosis {
    private static let subject = "disk"

    func folders() -> [Finding] {
        var findings = [
            usable(facts.repository, "repository", at: setup.repository, variable: "BACKUP_REPOSITORY"),
            usable(facts.state, "state folder", at: setup.stateDirectory, variable: nil),
        ]
        if let repository = facts.repository {
            findings += [space(repository), shared(repository)].compactMap(\.self)
        }
        return findings
    }

    /// The user that should own the folders: ours, or the daemon's when we are root.
    private var owner: String { facts.isRoot ? "recyclic" : facts.user }

    private func usable(_ folder: DoctorFacts.Folder?, _ what: String, at path: String, variable: String?) -> Finding {
        guard let folder else {
            return Finding(
                .critical,
                "diskSilent",
                what,
                "the disk of \"\(path)\" does not answer",
                mend: [Mend(.any, ["findmnt -T \(ShellText.word(path))", "sudo dmesg | tail -n 20"])]
            )
        }
        let word = ShellText.word(path)
        let user = ShellText.word(owner)
        if !folder.isWritable, let finding = closed(folder, what, at: path) { return finding }
        switch folder.presence {
        case .unusable(let reason):
            let move =
                variable.map { ["# or another folder,"] + remedy.setting("\($0)=/srv/recyclic/repository") } ?? []
            let mend = Mend(.any, ["ls -ld \(word)"] + move)
            return Finding(.critical, "folderUnusable", what, "\"\(path)\" can't be used: \(reason)", mend: [mend])
        case .folder where folder.isWritable:
            return Finding(.ok, "folderUsable", what, "\"\(path)\" can be written to")
        case .absent where folder.isWritable:
            return Finding(.ok, "folderUsable", what, "\"\(path)\" will be made when it is needed")
        case .folder:
            let mend = Mend(.any, ["sudo chown -R \(user) \(word)", "sudo chmod u+rwx \(word)"])
            let message = "\"\(path)\" can't be written to by the user \"\(facts.user)\""
            return Finding(.critical, "folderNotWritable", what, message, mend: [mend])
        case .absent:
            let mend = Mend(.any, ["sudo install -d -m 0711 -o \(user) \(word)"])
            let message = "\"\(path)\" does not exist and can't be made by the user \"\(facts.user)\""
            return Finding(.critical, "folderNotWritable", what, message, mend: [mend])
        }
    }

    /// The finding for a folder that the unit's sandbox keeps us from, which no owner and no mode would change.
    private func closed(_ folder: DoctorFacts.Folder, _ what: String, at path: String) -> Finding? {
        guard let unit = facts.unit else { return nil }
        let isHome = ["/home/", "/root/"].contains { path.hasPrefix($0) }
        guard folder.isReadOnlyMount || isHome else { return nil }
        let dropIn = "/etc/systemd/system/\(unit).d"
        let lines =
            [
                "sudo install -d -m 0711 -o \(ShellText.word(facts.user)) \(ShellText.word(path))",
                "sudo install -d \(ShellText.word(dropIn))",
                "# in \(dropIn)/repository.conf:",
                "[Service]",
                "ReadWritePaths=\(path)",
            ] + (isHome ? ["ProtectHome=no"] : []) + [
                "# then:",
                "sudo systemctl daemon-reload && sudo systemctl restart \(ShellText.word(unit))",
            ]
        let message = "\"\(path)\" can't be written to from within \(unit), which may write to its own folders only"
        return Finding(.critical, "folderClosed", what, message, mend: [Mend(.any, lines)])
    }

    private func space(_ repository: DoctorFacts.Folder) -> Finding? {
        guard let free = repository.freeBytes else { return nil }
        let text = "\(DoctorText.size(free)) free for the repository"
        if free < setup.freeCriticalBytes {
            let message = "only \(text), less than \(DoctorText.size(setup.freeCriticalBytes))"
            return Finding(.critical, "diskFull", Self.subject, message, mend: [largerDisk])
        }
        if free < setup.freeWarningBytes {
            let message = "only \(text), less than \(DoctorText.size(setup.freeWarningBytes))"
            return Finding(.warning, "diskNearlyFull", Self.subject, message, mend: [largerDisk])
        }
        guard let database = facts.server?.databaseBytes else {
            return Finding(.ok, "diskFree", Self.subject, "\(text); the databases' size could not be asked")
        }
        let unmeasured = facts.server?.databasesNotMeasured ?? 0
        let size = DoctorText.size(database) + (unmeasured > 0 ? " (\(unmeasured) more not measured)" : "")
        if !repository.holdsRepository, free < database {
            let message = "\(text), but the databases have \(size), and the first backup may take as much"
            return Finding(.warning, "diskSmall", Self.subject, message, mend: [largerDisk])
        }
        if let scratch = facts.scratch, let room = scratch.freeBytes, room < database {
            let message = "\(DoctorText.size(room)) free for drills, but the databases have \(size)"
            let lines = ["# a folder on a larger disk,"] + remedy.setting("DRILL_DIRECTORY=/srv/recyclic/drills")
            return Finding(.warning, "diskSmallForDrills", Self.subject, message, mend: [Mend(.any, lines)])
        }
        return Finding(.ok, "diskFree", Self.subject, "\(text); the databases have \(size)")
    }

    private func shared(_ repository: DoctorFacts.Folder) -> Finding? {
        guard facts.server != nil else { return nil }
        guard setup.connection.isLocalSocket || isLoopback else {
            return Finding(.ok, "diskOfItsOwn", Self.subject, "the database is on another machine than the repository")
        }
        guard let database = facts.databaseDisk, let device = repository.device else {
            let message = "whether the repository lies on the database's own disk can't be told from here"
            return Finding(.ok, "diskUnknown", Self.subject, message)
        }
        guard database.device == device else {
            return Finding(.ok, "diskOfItsOwn", Self.subject, "the repository and the database lie on different disks")
        }
        let likely = database.isGuess ? "probably (Docker's volumes are there) " : ""
        return Finding(
            .warning,
            "repositoryOnDatabaseDisk",
            Self.subject,
            "the repository \(likely)lies on the database's own disk: if that disk dies, both are gone",
            mend: [largerDisk]
        )
    }

    /// Moves the repository to another disk.
    private var largerDisk: Mend {
        let user = ShellText.word(owner)
        let folder = "/mnt/backup/recyclic"
        return Mend(
            .any,
            [
                "# with another disk mounted at /mnt/backup (lsblk lists the disks):",
                "sudo install -d -m 0711 -o \(user) \(folder)",
                "sudo cp -a \(ShellText.word(setup.repository)) \(folder)/repository   # if it exists already",
            ] + remedy.setting("BACKUP_REPOSITORY=\(folder)/repository")
        )
    }
}
