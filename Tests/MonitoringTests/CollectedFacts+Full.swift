import FoundationEssentials
import Monitoring
import State

extension CollectedFacts {
    /// Everything there can be.
    static func full(now: Date) -> CollectedFacts {
        var facts = CollectedFacts(
            collectedAt: now - 30,
            collectionSeconds: 0.02,
            measurements: HealthMeasurements(
                firstStart: now - 30 * 86_400,
                backupCount: 2,
                newestRestorable: .init(id: "20261118T100000Z-base", restorablePoint: now - 3600),
                freeBytes: 20 << 30,
                fullInSeconds: 40 * 86_400,
                lastVerify: .init(finishedAt: now - 60, damagedObjects: 1, affectedBackups: 1),
                lastPassedDrill: now - 7200
            ),
            thresholds: HealthThresholds()
        )
        facts.backups = [
            .init(kind: "base", finishedAt: now - 90_000, durationSeconds: 9, logicalBytes: 90, addedBytes: 80),
            .init(
                kind: "base",
                finishedAt: now - 3500,
                durationSeconds: 7.5,
                logicalBytes: 100,
                storedBytes: 60,
                addedBytes: 10
            ),
        ]
        facts.retention = (2, 0)
        facts.repositoryBytes = 90
        facts.capacityBytes = 50 << 30
        facts.lastVerify = VerifyRun(
            startedAt: now - 70,
            finishedAt: now - 60,
            scope: "all",
            isFull: true,
            objectsChecked: 5,
            bytesRead: 90
        )
        facts.lastDrill = DrillRecord(
            backupID: "20261118T100000Z-base",
            startedAt: now - 7300,
            finishedAt: now - 7200,
            verdict: .passed,
            phases: [DrillPhase(name: "restore", seconds: 60), DrillPhase(name: "replay", seconds: 40)]
        )
        facts.serverVersion = #"15.20 "\Debian""#
        facts.databaseBytes = 1 << 30
        facts.nextRuns = [("backup", now + 3600)]
        facts.jobs = [.backup: [.succeeded: 2]]
        return facts
    }
}
