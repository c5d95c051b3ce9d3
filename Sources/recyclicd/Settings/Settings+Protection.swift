import Configuration
import Foundation
import Monitoring
import Protection

/// The configuration in the terms of those who work by it.
extension Settings {
    /// The zone in which schedules and retention count days. The loader has checked that it exists.
    var timeZone: TimeZone { TimeZone(identifier: backup.timeZone) ?? .gmt }

    /// Where "fine" ends.
    var healthThresholds: HealthThresholds {
        var thresholds = HealthThresholds()
        thresholds.backupAgeCriticalSeconds = Double(alerts.backupAgeCriticalHours) * 3_600
        thresholds.restorablePointWarningSeconds = Double(alerts.backupAgeWarningHours) * 3_600
        thresholds.freeCriticalBytes = Int64(alerts.diskSpaceCriticalBytes)
        thresholds.freeWarningBytes = Int64(alerts.diskSpaceWarningBytes)
        thresholds.restoreObjectiveSeconds = Double(alerts.objectiveMinutes) * 60
        return thresholds
    }
}

extension Settings {
    /// When base backups run.
    func baseRule(_ method: BackupMethodDecision.Method) -> ScheduleRule {
        method == .base ? ScheduleRule(backup.schedule) : .off
    }

    /// When dumps run.
    func dumpRule(_ method: BackupMethodDecision.Method) -> ScheduleRule {
        if let schedule = backup.dumpSchedule { return ScheduleRule(schedule) }
        switch method {
        case .base: return ScheduleRule(.weekly(.sunday, Configuration.TimeOfDay("03:00") ?? .midnight))
        case .dump: return ScheduleRule(backup.schedule)
        }
    }
}

extension ScheduleRule {
    /// The rule for a schedule as the operator wrote it.
    init(_ schedule: BackupSchedule) {
        switch schedule {
        case .off: self = .off
        case .everyHours(let hours): self = hours == 1 ? .hourly(minute: 0) : .everyHours(hours)
        case .daily(let time): self = .daily(Protection.TimeOfDay(time))
        case .weekly(let day, let time): self = .weekly(Protection.Weekday(day), Protection.TimeOfDay(time))
        }
    }
}

extension Protection.TimeOfDay {
    /// The same time.
    init(_ time: Configuration.TimeOfDay) {
        guard let same = Protection.TimeOfDay(hour: time.hour, minute: time.minute) else {
            preconditionFailure("both types have the same ranges, yet \(time) is in one alone")
        }
        self = same
    }
}

extension Protection.Weekday {
    /// The same day; both types begin with Monday.
    init(_ day: Configuration.Weekday) {
        self = Protection.Weekday.allCases[day.isoNumber - 1]
    }
}
