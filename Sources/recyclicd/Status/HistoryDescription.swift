import ControlAPI
import Monitoring

/// The history as the control interface shows it.
enum HistoryDescription {
    static func describe(_ bucket: Monitoring.HistoryBucket) -> ControlAPI.HistoryBucket {
        let exposure = bucket.exposureMaximumSeconds
        return ControlAPI.HistoryBucket(
            from: TimeFormat.text(bucket.from),
            to: TimeFormat.text(bucket.to),
            observedSeconds: bucket.observedSeconds,
            worstHealth: bucket.worstHealth.rawValue,
            okSeconds: bucket.healthSeconds[.ok] ?? 0,
            warningSeconds: bucket.healthSeconds[.warning] ?? 0,
            criticalSeconds: bucket.healthSeconds[.critical] ?? 0,
            everythingExposed: exposure == .infinity,
            exposureMaximumSeconds: exposure == .infinity ? nil : exposure,
            backupAgeMaximumSeconds: bucket.backupAgeMaximumSeconds,
            backups: bucket.backups,
            repositoryBytes: bucket.repositoryBytes,
            freeMinimumBytes: bucket.freeMinimumBytes,
            databaseReachableSeconds: bucket.databaseReachableSeconds,
            databaseBytes: bucket.databaseBytes,
            residentMaximumBytes: bucket.residentMaximumBytes,
            cpuSeconds: bucket.cpuSeconds
        )
    }
}
