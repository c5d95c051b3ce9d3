extension SettingsBuilder {
    /// What is backed up, how and when.
    mutating func buildBackup() -> Settings.Backup {
        refuseEncryption()
        return Settings.Backup(
            compression: compression(),
            method: choice(.backupMethod, BackupMethod.self) ?? .auto,
            schedule: backupSchedule(),
            dumpSchedule: dumpSchedule(),
            dumpDatabases: dumpDatabases(),
            timeZone: timeZone(),
            jitterSeconds: number(.backupJitterSeconds),
            onFirstStart: boolean(.backupOnFirstStart),
            workers: workers(),
            isOffsiteWaived: isOffsiteWaived()
        )
    }

    private mutating func refuseEncryption() {
        let isWanted = boolean(.backupEncryption)
        let key = secret(.backupEncryptionKey)
        if isWanted {
            find(
                .error,
                .backupEncryption,
                "\"BACKUP_ENCRYPTION\" is true, but this version cannot encrypt its repository yet",
                hint: "Set BACKUP_ENCRYPTION=false and keep the repository on an encrypted disk until it can."
            )
        } else if key != nil {
            find(
                .warning,
                .backupEncryptionKey,
                "\"BACKUP_ENCRYPTION_KEY\" is set but not used: this version does not encrypt its repository yet",
                hint: "Backups are stored unencrypted; keep the repository on an encrypted disk if that matters."
            )
        }
    }

    private mutating func compression() -> Compression {
        let value = (candidate(.backupCompression)?.value.trimmingWhitespace() ?? "true").lowercased()
        let level = integer(.backupCompressionLevel)
        switch value {
        case "true", "yes", "on", "1", "zstd":
            note(.backupCompression, "zstd")
            note(.backupCompressionLevel, "\(level ?? 3)")
            return .zstd(level: level ?? 3)
        case "gzip":
            note(.backupCompression, "gzip")
            if let level, level > 9 { refuse(.backupCompressionLevel, accepted: "a whole number from 1 to 9 for gzip") }
            if level ?? 6 <= 9 { note(.backupCompressionLevel, "\(level ?? 6)") }
            return .gzip(level: level ?? 6)
        case "false", "no", "off", "0", "none":
            note(.backupCompression, "none")
            if level != nil {
                find(.note, .backupCompressionLevel, "\"BACKUP_COMPRESSION_LEVEL\" is not used without compression")
            }
            return .none
        default:
            refuse(.backupCompression)
            return .none
        }
    }

    private mutating func dumpSchedule() -> BackupSchedule? {
        guard isChosen(.dumpSchedule) else {
            note(.dumpSchedule, "")
            return nil
        }
        return schedule(.dumpSchedule)
    }

    private mutating func backupSchedule() -> BackupSchedule {
        let time = timeOfDay()
        if isChosen(.backupSchedule) {
            for name in [SettingName.backupTime, .backupMinute] where isChosen(name) {
                find(
                    .warning,
                    name,
                    "\"\(name.rawValue)\" is not used because \"BACKUP_SCHEDULE\" is set",
                    hint: "Remove one of the two."
                )
            }
            return schedule(.backupSchedule) ?? .off
        }
        note(.backupSchedule, BackupSchedule.daily(time).description)
        return .daily(time)
    }

    private mutating func dumpDatabases() -> [String]? {
        guard let candidate = candidate(.dumpDatabases) else {
            note(.dumpDatabases, "")
            return nil
        }
        guard let names = DatabaseNames.parse(candidate.value) else {
            refuse(.dumpDatabases)
            return nil
        }
        note(.dumpDatabases, DatabaseNames.text(names))
        return names
    }

    /// `BACKUP_TIME` as an hour, completed by `BACKUP_MINUTE`, or as `HH:MM`, which leaves nothing to complete.
    private mutating func timeOfDay() -> TimeOfDay {
        let value = candidate(.backupTime)?.value.trimmingWhitespace() ?? "2"
        let minute = number(.backupMinute)
        if let time = TimeOfDay(value) {
            note(.backupTime, time.description)
            if isChosen(.backupMinute), minute != time.minute {
                find(
                    .warning,
                    .backupMinute,
                    "\"BACKUP_MINUTE\" is \(minute) but \"BACKUP_TIME\" is \"\(time)\", BACKUP_TIME counts",
                    hint: "Remove BACKUP_MINUTE."
                )
            }
            note(.backupMinute, "\(time.minute)", origin: candidate(.backupTime)?.origin)
            return time
        }
        if let hour = WholeNumber.parse(value), let time = TimeOfDay(hour: hour, minute: minute) {
            note(.backupTime, "\(hour)")
            return time
        }
        refuse(.backupTime)
        // Only in settings that nobody will see.
        return .midnight
    }

    private mutating func timeZone() -> String {
        guard let candidate = candidate(.backupTimeZone) else {
            note(.backupTimeZone, machine.timeZone.name, origin: .defaultValue(reason: machine.timeZone.source))
            return machine.timeZone.name
        }
        let name = candidate.value.trimmingWhitespace()
        guard MachineFacts.isTimeZone(name) else {
            refuse(.backupTimeZone)
            return "UTC"
        }
        note(.backupTimeZone, name)
        return name
    }

    private mutating func workers() -> Int {
        if isChosen(.backupWorkers) { return number(.backupWorkers) }
        // Each holds a compressor and the chunks it works on: memory must not grow with the machine.
        let workers = min(4, machine.processors)
        note(.backupWorkers, "\(workers)")
        return workers
    }

    private mutating func isOffsiteWaived() -> Bool {
        guard let candidate = candidate(.backupOffsiteURL) else {
            note(.backupOffsiteURL, "")
            return false
        }
        guard candidate.value.trimmingWhitespace().lowercased() == "none" else {
            // The value may hold a key, as such URLs do, so it is not shown.
            note(.backupOffsiteURL, Secret.placeholder)
            find(
                .error,
                .backupOffsiteURL,
                "\"BACKUP_OFFSITE_URL\" is set, but this version cannot copy backups off this machine yet",
                hint: "Leave it empty, or set BACKUP_OFFSITE_URL=none if you copy the repository by other means."
            )
            return false
        }
        note(.backupOffsiteURL, "none")
        return true
    }
}
