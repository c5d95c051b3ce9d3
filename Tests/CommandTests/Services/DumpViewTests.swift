import Foundation
import Monitoring
import Protection
import State
import Testing

@testable import Repository
@testable import recyclicd

@Suite("What the dumps come to")
struct DumpViewTests {
    private static func backup(
        _ day: Int,
        _ kind: BackupKind,
        _ database: String? = nil,
        defects: Int = 0,
        cluster: Int = 1
    ) -> ListedBackup {
        let time = UTCTime(secondsSinceEpoch: 1_795_000_000 + Int64(day) * 86_400)
        let id = BackupID(startedAt: time, kind: kind)
        let object = "clusters/\(cluster)/backups/\(id)-" + String(repeating: "a", count: 64)
        guard let manifest = UnreadableManifest(object: object, reason: "") else {
            preconditionFailure("\(object) is a name")
        }
        var summary = BackupSummary(manifest)
        summary.database = database
        summary.findings = defects + 1
        summary.defects = defects
        return ListedBackup(summary: summary, marks: MarkState())
    }

    private static func view(
        _ backups: [ListedBackup],
        _ method: BackupMethodDecision.Method,
        wanted: [String]? = ["a", "b"],
        cluster: String? = "1"
    ) -> DumpView {
        DumpView(intact: backups.sorted { $0.id < $1.id }, method: method, wanted: wanted, cluster: cluster)
    }

    @Test("as the age that counts: of base backups the newest, of dumps that of the database dumped longest ago")
    func restorable() {
        let dumps = [
            Self.backup(1, .dump, "a"), Self.backup(3, .dump, "a"), Self.backup(2, .dump, "b"),
            Self.backup(0, .dump, "dropped"),
        ]
        let base = Self.backup(1, .base)
        #expect(Self.view(dumps + [base], .base).restorable == base)
        #expect(Self.view(dumps + [base], .dump).restorable?.id == dumps[2].id)
        #expect(Self.view(dumps, .base).restorable?.id == dumps[2].id)
        let newer = Self.backup(9, .base)
        #expect(Self.view(dumps + [newer], .dump).restorable == newer)
        #expect(Self.view([base], .dump).restorable == base && Self.view([], .dump).restorable == nil)
        // What is not known to be wanted counts too, or nothing would.
        #expect(Self.view(dumps, .dump, wanted: nil).restorable?.id == dumps[3].id)
        #expect(Self.view(dumps + [Self.backup(4, .dump, "b", defects: 2)], .base).incomplete?.summary.database == "b")
        #expect(Self.view(dumps, .base).incomplete == nil)
    }

    @Test("without those of another server, whose databases may have the same names")
    func otherServer() {
        let dumps = [
            Self.backup(1, .dump, "a"), Self.backup(2, .dump, "b"),
            Self.backup(8, .dump, "a", defects: 1, cluster: 2), Self.backup(9, .dump, "b", cluster: 2),
        ]
        let view = Self.view(dumps, .dump)
        #expect(view.restorable == dumps[0] && view.newest["b"] == dumps[1] && view.incomplete == nil)
        #expect(Self.view(dumps, .dump, cluster: "2").restorable == dumps[2])
        #expect(Self.view(Array(dumps.suffix(2)), .dump).restorable == nil)
        // Until the server was seen, nobody can tell.
        #expect(Self.view(dumps, .dump, cluster: nil).restorable == dumps[2])
        #expect(
            (dumps + [Self.backup(3, .base, cluster: 2)]).map { DumpView.isOurs($0, cluster: "1") } == [
                true, true, false, false, true,
            ]
        )
    }

    @Test("as what is expected: each database in time with the schedule, none without one")
    func expected() throws {
        let now = Date(timeIntervalSince1970: 1_795_000_000)
        let rule = ScheduleRule.weekly(.sunday, try #require(TimeOfDay(hour: 3, minute: 0)))
        let view = Self.view([Self.backup(-9, .dump, "a")], .base)
        let dumps = view.expected(rule, since: now, firstBackupSeconds: 3_600)
        #expect(
            dumps.map(\.database) == ["a", "b"] && dumps.allSatisfy { $0.limitSeconds == 8 * 86_400 && !$0.isOnly }
        )
        #expect(dumps[0].newest != nil && dumps[1].newest == nil)
        #expect(view.expected(.off, since: now, firstBackupSeconds: 3_600).isEmpty)
        let alone = Self.view([], .dump).expected(.off, since: now, firstBackupSeconds: 3_600)
        #expect(alone.count == 2 && alone.allSatisfy { $0.isOnly && $0.limitSeconds == 3_600 })
        #expect(
            Self.view([], .base, wanted: nil).expected(rule, since: now, firstBackupSeconds: 1).map(\.database) == [nil]
        )
    }

    @Test("as what is left out: what the last job found, unless the configuration names what is dumped, or nothing is")
    func leftOut() throws {
        let found = LeftOutDatabases([.init(name: "x", reason: .closed, statement: "ALTER DATABASE x")])
        let rule = ScheduleRule.weekly(.sunday, try #require(TimeOfDay(hour: 3, minute: 0)))
        let (base, dump) = (Self.view([], .base), Self.view([], .dump))
        #expect(base.leftOut(found, named: nil, rule) == .init(databases: found, isOnly: false))
        #expect(dump.leftOut(found, named: nil, rule) == .init(databases: found, isOnly: true))
        #expect(dump.leftOut(found, named: nil, .off)?.isOnly == true && base.leftOut(found, named: nil, .off) == nil)
        #expect(dump.leftOut(found, named: ["a", "b"], rule) == nil)
        #expect(dump.leftOut(nil, named: nil, rule) == nil && dump.leftOut(.init(), named: nil, rule) == nil)
    }

    @Test("in words: what results where base backups are not possible")
    func words() {
        let decision = BackupMethodDecision(.dump, reason: "the role lacks REPLICATION")
        let text = ProtectionText.text(decision, databases: ["a", "b"], holdsPasswords: false)
        let partly = ProtectionText.text(
            decision,
            databases: ["a"],
            leftOut: ["database \"x\", which accepts no connections"],
            holdsPasswords: true
        )
        #expect(partly.contains("Not protected: database \"x\", which accepts"), "\(partly)")
        for part in ["only \"a\", \"b\"", "as of its own last dump", "without passwords", "lacks REPLICATION"] {
            #expect(text.contains(part), "\(text)")
        }
        #expect(
            ProtectionText.text(BackupMethodDecision(.base), databases: nil, holdsPasswords: nil).contains(
                "whole server"
            )
        )
    }
}
