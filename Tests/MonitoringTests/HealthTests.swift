import FoundationEssentials
import Monitoring
import State
import Testing

@Suite("Health")
struct HealthTests {
    private static let now = Date(timeIntervalSince1970: 1_795_000_000)
    private var now: Date { Self.now }

    /// Everything as it should be.
    private static var sound: HealthMeasurements {
        HealthMeasurements(
            firstStart: now - 30 * 86_400,
            backupCount: 20,
            newestRestorable: .init(id: "20261118T100000Z-base", restorablePoint: now - 3600),
            freeBytes: 20 << 30,
            lastVerify: .init(finishedAt: now - 7200, damagedObjects: 0, affectedBackups: 0),
            lastDrill: .init(backupID: "20261118T100000Z-base", finishedAt: now - 7200, verdict: .passed),
            lastPassedDrill: now - 7200,
            offsite: .waived
        )
    }

    private func report(_ change: (inout HealthMeasurements) -> Void) -> HealthReport {
        var measurements = Self.sound
        change(&measurements)
        return Health.evaluate(measurements, now: now)
    }

    private func codes(_ report: HealthReport) -> [String] {
        report.reasons.map { "\($0.level) \($0.code)" }
    }

    @Test(
        "a file system that will be full within a week is a warning, unless it nearly is already",
        arguments: [(6.9, 20, ["warning diskFilling"]), (7, 20, []), (6.9, 4, ["warning diskSpace"])]
    )
    func filling(days: Double, freeGiB: Int64, expected: [String]) {
        let report = report {
            $0.fullInSeconds = days * 86_400
            $0.freeBytes = freeGiB << 30
        }
        #expect(codes(report) == expected)
    }

    @Test(
        "dumps that a schedule clearly missed are a warning, and critical where nothing else protects a database that has none"
    )
    func dumps() {
        func dump(_ days: Double?, isOnly: Bool = false) -> HealthMeasurements.Dump {
            .init(
                database: "a",
                newest: days.map { now - $0 * 86_400 },
                expectedSince: now - 30 * 86_400,
                limitSeconds: 8 * 86_400,
                isOnly: isOnly
            )
        }
        #expect(codes(report { $0.dumps = [dump(8)] }) == [])
        #expect(codes(report { $0.dumps = [dump(1), dump(8.1)] }) == ["warning dumpAge"])
        #expect(codes(report { $0.dumps = [dump(nil)] }) == ["warning dumpAge"])
        // Where dumps are all there is, an old one is an old backup.
        #expect(codes(report { $0.dumps = [dump(20, isOnly: true)] }) == [])
        #expect(codes(report { $0.dumps = [dump(nil, isOnly: true)] }) == ["critical dumpAge"])
        let incomplete = report {
            $0.incompleteDump = .init(backupID: "20261118T030000Z-dump", database: "a", takenAt: now - 60)
        }
        #expect(codes(incomplete) == ["warning dumpIncomplete"] && incomplete.reasons[0].isToldOnce)
    }

    @Test(
        "a database that dumps leave out is a warning, with what mends it; told once where base backups hold it too",
        arguments: [true, false]
    )
    func leftOut(isOnly: Bool) throws {
        let statement = #"GRANT CONNECT ON DATABASE "a" TO "backup""#
        let report = report {
            $0.leftOut = .init(
                databases: LeftOutDatabases([
                    .init(name: "a", reason: .forbidden(role: "backup"), statement: statement)
                ]),
                isOnly: isOnly
            )
        }
        #expect(codes(report) == ["warning databaseLeftOut"] && report.level == .warning)
        let reason = try #require(report.reasons.first)
        #expect(reason.isToldOnce == !isOnly && reason.hint.contains(": \(statement); then "), "\(reason.hint)")
        #expect(
            reason.message
                == "dumps leave out the database 'a', to which the role 'backup' may not connect; "
                + (isOnly
                    ? "if it is damaged now, all of it is lost"
                    : "base backups protect it; without dumps it can't be taken to another version of PostgreSQL")
        )
        // What the repository is like is another matter.
        let blind = Health.evaluate(HealthMeasurements(backupCount: nil), now: now)
        #expect(!blind.unjudged.contains(.databaseLeftOut))
    }

    @Test("when all is well there is nothing to say")
    func sound() {
        let report = report { _ in }
        #expect(report.level == .ok && report.reasons.isEmpty)
    }

    @Test(
        "having no backup is a warning from the first minute and critical after an hour",
        arguments: [(0, HealthLevel.warning), (3600, .warning), (3601, .critical), (-500, .warning)]
    )
    func noBackup(age: Double, level: HealthLevel) {
        let report = report {
            $0.firstStart = now - age
            $0.backupCount = 0
            $0.newestRestorable = nil
            $0.lastVerify = nil
            $0.lastDrill = nil
            $0.lastPassedDrill = nil
        }
        #expect(codes(report) == ["\(level) noBackup"])
        #expect(report.level == level)
        #expect(report.reasons[0].hint == "Run: recyclicctl trigger-backup")
    }

    @Test(
        "the age of the newest restorable backup",
        arguments: [
            (6 * 3600, []), (6 * 3600 + 1, ["warning restorablePointAge"]), (25 * 3600, ["warning restorablePointAge"]),
            (25 * 3600 + 1, ["critical backupAge"]), (-120, []), (-400, ["warning clockJumped"]),
        ] as [(Double, [String])]
    )
    func age(seconds: Double, expected: [String]) {
        let report = report { $0.newestRestorable?.restorablePoint = now - seconds }
        #expect(codes(report) == expected)
        // Old for most of each day by the schedule's nature: no news after the first time.
        #expect(report.reasons.allSatisfy { $0.isToldOnce == ($0.code == .restorablePointAge) })
    }

    @Test("the reason names what is wrong, since when, and what it means")
    func words() throws {
        let old = report { $0.newestRestorable?.restorablePoint = now - 26 * 3600 }
        let reason = try #require(old.reasons.first)
        #expect(
            reason.message
                == "the newest restorable backup, '20261118T100000Z-base', is 1 d 2 h old (limit 1 d 1 h); if the database "
                + "is damaged now, what was written in the last 1 d 2 h is lost"
        )
        #expect(reason.since == now - 3600)
        let down = report {
            $0.databaseTrouble = .init(
                message: "connection refused by '127.0.0.1' port 5432",
                hint: "Start PostgreSQL: systemctl start postgresql",
                since: now - 120
            )
        }
        #expect(
            down.reasons.map(\.message) == [
                "the database can't be reached since 2026-11-18 11:04 UTC: connection refused by '127.0.0.1' port 5432; "
                    + "no backup can be taken meanwhile"
            ]
        )
        #expect(down.reasons[0].hint == "Start PostgreSQL: systemctl start postgresql")
        #expect(down.level == .critical)
    }

    @Test("backups that can't be restored count as none")
    func noneRestorable() {
        let report = report { $0.newestRestorable = nil }
        #expect(codes(report) == ["critical noRestorableBackup"])
    }

    @Test("an unusable repository is told alone, not as missing backups")
    func repository() {
        let report = report {
            $0.repositoryTrouble = .init(message: "'recyclic-repository.json' is damaged")
            $0.backupCount = nil
            $0.newestRestorable = nil
            $0.lastVerify = nil
            $0.lastDrill = nil
        }
        #expect(codes(report) == ["critical repositoryUnusable"])
        #expect(report.reasons[0].hint == "Run: recyclicctl doctor")
    }

    @Test("without the list of backups, and without the free space, nothing is judged that depends on them")
    func unjudged() {
        #expect(report { _ in }.unjudged == [])
        #expect(report { $0.freeBytes = nil }.unjudged == [.diskSpace, .diskFilling])
        let blind = report {
            $0.repositoryTrouble = .init(message: "it is not mounted")
            $0.backupCount = nil
            $0.newestRestorable = nil
            $0.freeBytes = nil
            $0.lastVerify?.damagedObjects = 3
            $0.lastDrill?.verdict = .failed
            $0.lastPassedDrillSeconds = 1e6
            $0.lastBackupFailure = .init(jobID: JobID(number: 7), failedAt: now - 60, message: "no such directory")
        }
        // That there is nothing else is not known, and it is not said.
        #expect(codes(blind) == ["critical repositoryUnusable", "warning lastBackupFailed"])
        #expect(blind.reasons[1].message.hasSuffix("which backups there are to fall back on can't be seen now"))
        let judged: Set<HealthReasonCode> = [
            .stale,
            .repositoryUnusable, .databaseUnreachable, .retentionBlocked, .noOffsiteCopy, .stateNotPersistent,
            .databaseLeftOut, .alertDelivery,
        ]
        #expect(blind.unjudged == Set(HealthReasonCode.allCases).subtracting(judged))
    }

    @Test("a failed backup is a warning while another stands, and critical without one")
    func failed() {
        let failure = HealthMeasurements.FailedRun(
            jobID: JobID(number: 7),
            failedAt: now - 60,
            message: "the disk is full"
        )
        let standing = report { $0.lastBackupFailure = failure }
        #expect(codes(standing) == ["warning lastBackupFailed"])
        #expect(standing.reasons[0].hint == "Run: recyclicctl jobs show j7")
        #expect(standing.reasons[0].message.contains("still the newest restorable one"))
        let alone = report {
            $0.lastBackupFailure = failure
            $0.backupCount = 0
            $0.newestRestorable = nil
        }
        #expect(codes(alone) == ["critical noBackup", "critical lastBackupFailed"])
    }

    @Test("wrong checksums are critical")
    func findings() {
        let report = report { $0.newestWithFindings = .init(backupID: "b", foundAt: now - 60, count: 3) }
        #expect(codes(report) == ["critical checksumFindings"])
        #expect(
            report.reasons[0].message.hasPrefix("the server found 3 wrong checksums in its own files during backup 'b'")
        )
    }

    @Test(
        "free space",
        arguments: [
            (5 << 30, []), ((5 << 30) - 1, ["warning diskSpace"]), (1 << 30, ["warning diskSpace"]),
            ((1 << 30) - 1, ["critical diskSpace"]), (0, ["critical diskSpace"]), (nil, []),
        ] as [(Int64?, [String])]
    )
    func disk(free: Int64?, expected: [String]) {
        #expect(codes(report { $0.freeBytes = free }) == expected)
    }

    @Test("verify: never, long ago, failed")
    func verify() {
        #expect(codes(report { $0.lastVerify = nil }) == ["warning verifyNever"])
        #expect(codes(report { $0.lastVerify?.finishedAt = now - 15 * 86_400 }) == ["warning verifyAge"])
        let failed = report { $0.lastVerify = .init(finishedAt: now - 60, damagedObjects: 1, affectedBackups: 2) }
        #expect(codes(failed) == ["critical verifyFailed"])
        #expect(
            failed.reasons[0].message
                == "verify found 1 damaged or missing object 1 min ago; 2 backups can't be restored whole"
        )
    }

    @Test("drill: never, long ago, failed, could not judge")
    func drill() {
        #expect(
            codes(
                report {
                    $0.lastDrill = nil
                    $0.lastPassedDrill = nil
                }
            ) == ["warning drillNever"]
        )
        let old = now - 36 * 86_400
        #expect(
            codes(
                report {
                    $0.lastDrill?.finishedAt = old
                    $0.lastPassedDrill = old
                }
            ) == ["warning drillAge"]
        )
        #expect(codes(report { $0.lastDrill?.verdict = .failed }) == ["critical drillFailed"])
        let unjudged = report {
            $0.lastDrill?.verdict = .cannotJudge
            $0.lastDrill?.reason = "there is no PostgreSQL 16 here"
        }
        #expect(codes(unjudged) == ["warning drillCannotJudge"])
        #expect(!unjudged.reasons[0].isToldOnce)
        #expect(unjudged.reasons[0].message.contains(": there is no PostgreSQL 16 here; "))
        let known = report {
            $0.lastDrill?.verdict = .cannotJudge
            $0.lastDrill?.isAcknowledged = true
        }
        #expect(codes(known) == ["warning drillCannotJudge"])
        #expect(known.reasons[0].isToldOnce)
    }

    @Test(
        "a restore that took longer than it may is critical, also when the drill passed",
        arguments: [(4 * 3600, []), (4 * 3600 + 1, ["critical objectiveMissed"]), (nil, [])] as [(Double?, [String])]
    )
    func objective(seconds: Double?, expected: [String]) {
        let report = report { $0.lastPassedDrillSeconds = seconds }
        #expect(codes(report) == expected)
        if let reason = report.reasons.first {
            #expect(
                reason.message.hasPrefix("the restore in the last drill that passed took 4 h (objective 4 h; 2 h ago)")
            )
            #expect(reason.since == now - 7200)
        }
    }

    @Test("one recipient that gets nothing is a warning, and critical when nobody gets anything")
    func delivery() {
        let trouble = HealthMeasurements.DeliveryTrouble(
            channel: "email",
            recipient: "a@example.org",
            since: now - 60,
            message: "the mail server refuses the recipient"
        )
        let one = report { $0.deliveryTroubles = [trouble] }
        #expect(codes(one) == ["warning alertDelivery"])
        #expect(one.reasons[0].since == now - 60)
        let all = report {
            $0.deliveryTroubles = [trouble]
            $0.isAnybodyReached = false
        }
        #expect(codes(all) == ["critical alertDelivery"])
        #expect(all.reasons[0].message.hasSuffix("; nobody would learn that the data is in danger"))
    }

    @Test("having no copy elsewhere is a warning until it is waived")
    func offsite() {
        let report = report { $0.offsite = .missing }
        #expect(codes(report) == ["warning noOffsiteCopy"])
        #expect(report.reasons[0].message.contains("if this machine is lost, everything is lost"))
    }

    @Test("clock, retention and state")
    func others() {
        let report = report {
            $0.clockJump = .init(noticedAt: now - 60, seconds: -7200)
            $0.retentionTrouble = .init(message: "the clock jumped", since: now - 60)
            $0.isStatePersistent = false
        }
        #expect(
            codes(report) == ["warning retentionBlocked", "warning clockJumped", "warning stateNotPersistent"]
        )
        #expect(report.reasons[1].message.hasPrefix("the clock was set back by 2 h (noticed 1 min ago); "))
    }

    @Test("critical reasons come first, and the order does not depend on chance")
    func order() {
        let report = report {
            $0.offsite = .missing
            $0.lastVerify = nil
            $0.lastDrill?.verdict = .failed
            $0.databaseTrouble = .init(message: "no route")
            $0.newestRestorable?.restorablePoint = now - 8 * 3600
            $0.freeBytes = 10
        }
        #expect(
            codes(report) == [
                "critical drillFailed", "critical databaseUnreachable", "critical diskSpace",
                "warning restorablePointAge", "warning verifyNever", "warning noOffsiteCopy",
            ]
        )
        #expect(report.level == .critical)
    }

    @Test("every reason says something to do")
    func hints() {
        let everything = Health.evaluate(
            HealthMeasurements(
                firstStart: now - 86_400,
                repositoryTrouble: .init(message: "x"),
                backupCount: 3,
                newestRestorable: .init(id: "b", restorablePoint: now + 9000),
                newestWithFindings: .init(backupID: "b", foundAt: now, count: 1),
                lastBackupFailure: .init(jobID: JobID(number: 1), failedAt: now, message: "x"),
                freeBytes: 1,
                databaseTrouble: .init(message: "x"),
                retentionTrouble: .init(message: "x"),
                isStatePersistent: false
            ),
            now: now
        )
        #expect(everything.reasons.count == 11)
        for reason in everything.reasons {
            #expect(!reason.hint.isEmpty && !reason.hint.hasSuffix("."))
            #expect(!reason.message.hasSuffix(".") && reason.message.first?.isLowercase == true)
        }
    }

    @Test(
        arguments: [
            ([.chunks], ["trigger-backup (it stores damaged pieces again"], ["another copy"]),
            ([.history], ["trigger-backup (it stores damaged pieces again"], ["another copy"]),
            (
                [.wal], ["trigger-backup, for a backup that is whole", "can't be stored again", "backups delete ID"],
                ["pieces"]
            ),
            ([.manifest], ["manifests back from another copy", "backups delete ID"], ["trigger-backup"]),
            ([.derived], ["retention apply"], ["trigger-backup", "another copy"]),
            ([.other], ["back from another copy"], ["trigger-backup"]),
            ([.chunks, .wal], ["stores damaged pieces again", "can't be stored again"], ["that is whole"]),
            ([], [], ["trigger-backup", "another copy"]),
        ] as [(Set<DamageKind>, [String], [String])]
    )
    func `the advice on damage says what mends it, and promises no more`(
        _ kinds: Set<DamageKind>,
        _ said: [String],
        _ unsaid: [String]
    ) throws {
        var measurements = HealthMeasurements(backupCount: 2)
        measurements.lastVerify = .init(finishedAt: .now, damagedObjects: 1, affectedBackups: 1, kinds: kinds)
        let report = Health.evaluate(measurements, now: .now)
        let hint = try #require(report.reasons.first { $0.code == .verifyFailed }?.hint)
        for part in said { #expect(hint.contains(part), "\(hint)") }
        for part in unsaid { #expect(!hint.contains(part), "\(hint)") }
        #expect(hint.hasSuffix("hen run: recyclicctl verify all"), "\(hint)")
    }
}
