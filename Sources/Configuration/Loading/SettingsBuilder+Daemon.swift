extension SettingsBuilder {
    /// Where things lie on this machine.
    mutating func buildPaths() -> Settings.Paths {
        let runtime = path(.runtimeDirectory) ?? ""
        let state = path(.stateDirectory) ?? ""
        var repository = path(.backupRepository)
        if repository == nil, !isChosen(.backupRepository) {
            note(.backupRepository, state + "/repository")
            repository = state + "/repository"
        }
        return Settings.Paths(
            runtimeDirectory: runtime,
            stateDirectory: state,
            repository: repository ?? "",
            controlSocketGroup: controlSocketGroup()
        )
    }

    /// Where HTTP is served.
    mutating func httpListen() -> HTTPListen {
        let value = candidate(.httpListen)?.value.trimmingWhitespace() ?? SettingName.httpListen.definition.defaultValue
        guard let listen = HTTPListen(value ?? "") else {
            refuse(.httpListen)
            return .none
        }
        note(.httpListen, listen.description)
        return listen
    }

    private mutating func controlSocketGroup() -> String? {
        if let group = text(.controlSocketGroup) { return group }
        guard machine.hasRecyclicGroup else { return nil }
        note(.controlSocketGroup, "recyclic")
        return "recyclic"
    }

    /// Which backups are kept: `RETENTION_*` where any is set, else `BACKUP_RETENTION_DAYS` alone, else defaults.
    mutating func buildRetention() -> Settings.Retention {
        let names = [SettingName.retentionDaily, .retentionWeekly, .retentionMonthly]
        let days = integer(.backupRetentionDays)
        let counts = names.map { number($0) }
        if let days, !names.contains(where: isChosen) {
            let origin = ConfigurationOrigin.part(
                of: .backupRetentionDays,
                candidate(.backupRetentionDays)?.origin ?? .defaultValue(reason: nil)
            )
            note(.retentionDaily, "\(days)", origin: origin)
            note(.retentionWeekly, "0", origin: origin)
            note(.retentionMonthly, "0", origin: origin)
            return Settings.Retention(daily: days, weekly: 0, monthly: 0)
        }
        if days != nil {
            find(
                .warning,
                .backupRetentionDays,
                "\"BACKUP_RETENTION_DAYS\" is not used because RETENTION_DAILY, _WEEKLY or _MONTHLY is set",
                hint: "Remove BACKUP_RETENTION_DAYS, or the others."
            )
        }
        if counts.allSatisfy({ $0 == 0 }), names.allSatisfy(isChosen) {
            find(
                .warning,
                .retentionDaily,
                "\"RETENTION_DAILY\", \"RETENTION_WEEKLY\" and \"RETENTION_MONTHLY\" are all 0",
                hint: "Only the newest backup, the last proven one and pinned ones are kept then."
            )
        }
        return Settings.Retention(daily: counts[0], weekly: counts[1], monthly: counts[2])
    }

    /// How recovery is rehearsed.
    mutating func buildDrill(_ paths: Settings.Paths) -> Settings.Drill {
        var directory = path(.drillDirectory)
        if directory == nil, !isChosen(.drillDirectory) {
            note(.drillDirectory, paths.stateDirectory + "/drills")
            directory = paths.stateDirectory + "/drills"
        }
        let user = text(.drillUser)
        if user == "root" || user == "0" {
            find(
                .error,
                .drillUser,
                "\"DRILL_USER\" is \"\(user ?? "")\", and drills never run as root",
                hint: "Name a user that owns no PostgreSQL data, or leave it out: recyclic, else nobody."
            )
        }
        return Settings.Drill(
            schedule: schedule(.drillSchedule) ?? .off,
            user: user,
            directory: directory ?? "",
            timeoutMinutes: number(.drillTimeout),
            checksFile: path(.drillChecks)
        )
    }

    /// From where on something is a warning or critical.
    mutating func buildAlerts() -> Settings.Alerts {
        let ageCritical = number(.alertBackupAgeCritical)
        let ageWarning = number(.alertBackupAgeWarning)
        let diskCritical = number(.alertDiskSpaceCritical)
        let diskWarning = number(.alertDiskSpaceWarning)
        if ageWarning > ageCritical, ageCritical > 0 {
            find(
                .warning,
                isChosen(.alertBackupAgeWarning) ? .alertBackupAgeWarning : .alertBackupAgeCritical,
                "\"ALERT_BACKUP_AGE_WARNING\" (\(ageWarning) h) is later than \"ALERT_BACKUP_AGE_CRITICAL\" (\(ageCritical) h)",
                hint: "The warning then never comes; make it the smaller of the two."
            )
        }
        if diskWarning < diskCritical {
            find(
                .warning,
                isChosen(.alertDiskSpaceWarning) ? .alertDiskSpaceWarning : .alertDiskSpaceCritical,
                "\"ALERT_DISK_SPACE_WARNING\" (\(diskWarning) KiB) is less than \"ALERT_DISK_SPACE_CRITICAL\" (\(diskCritical) KiB)",
                hint: "The warning then never comes; make it the larger of the two."
            )
        }
        return Settings.Alerts(
            backupAgeCriticalHours: ageCritical,
            backupAgeWarningHours: ageWarning,
            isBackupAgeWarningChosen: isChosen(.alertBackupAgeWarning),
            diskSpaceCriticalBytes: diskCritical * 1024,
            diskSpaceWarningBytes: diskWarning * 1024,
            objectiveMinutes: number(.alertObjectiveMinutes),
            pendingSeconds: number(.alertPendingSeconds)
        )
    }
}
