import Blocking
import Glibc
import PostgresClient
import Repository
import Testing

@testable import Protection

@Suite
struct DrillDecisionTests {
    private func situation(
        uid: uid_t,
        asked: String? = nil,
        owners: Set<uid_t> = [],
        canConfine: Bool = false
    ) -> DrillUser.Situation {
        let accounts: [String: uid_t] = ["root": 0, "recyclic": 900, "nobody": 65534, "postgres": 101]
        return DrillUser.Situation(
            uid: uid,
            asked: asked,
            ownersOfData: owners,
            account: { name in accounts[name].map { .init(name: name, uid: $0, gid: $0) } },
            canConfine: { canConfine }
        )
    }

    @Test(arguments: ["53200", "57P01", "57P03"])
    func `a server that can't serve at the moment says nothing of its data`(_ sqlState: String) {
        let error = PostgresError(.serverNotReady, "the database system is in recovery mode", sqlState: sqlState)
        #expect(ServerFailure.state(of: error) == .cannotJudge)
    }

    @Test
    func `root takes an unprivileged user who owns no database`() throws {
        #expect(try DrillUser.choose(situation(uid: 0)) == .switching(name: "recyclic", uid: 900, gid: 900))
        let second = try DrillUser.choose(situation(uid: 0, owners: [900, 101]))
        #expect(second == .switching(name: "nobody", uid: 65534, gid: 65534))
        let asked = try DrillUser.choose(situation(uid: 0, asked: "postgres"))
        #expect(asked == .switching(name: "postgres", uid: 101, gid: 101))
    }

    @Test(arguments: ["root", "postgres", "missing"])
    func `root never takes root, an owner of a database, or nobody known`(_ asked: String) {
        let situation = situation(uid: 0, asked: asked, owners: [101])
        let obstacle = #expect(throws: DrillObstacle.self) { try DrillUser.choose(situation) }
        #expect(obstacle?.verdict == .cannotJudge)
    }

    @Test
    func `others run as themselves unless they own a database, then confined or not at all`() throws {
        #expect(try DrillUser.choose(situation(uid: 900, owners: [101])) == .ourselves)
        #expect(try DrillUser.choose(situation(uid: 900, owners: [900], canConfine: true)) == .confined)
        #expect(throws: DrillObstacle.self) { try DrillUser.choose(situation(uid: 900, owners: [900])) }
    }

    @Test(arguments: [
        ([DrillCheck.State.passed], DrillVerdict.passed),
        ([.passed, .notProtected], .passed),
        ([.passed, .failed, .cannotJudge], .failed),
        ([.passed, .cannotJudge], .cannotJudge),
        ([], .cannotJudge),
    ])
    func `the verdict follows from the essential checks`(_ states: [DrillCheck.State], _ verdict: DrillVerdict) throws {
        var result = DrillResult(backup: try #require(BackupID("20261122T020000Z-base")))
        result.checks = states.map { DrillCheck("check", $0) }
        result.conclude()
        #expect(result.verdict == verdict)
    }

    @Test
    func `a check beside the point that can't be made is a remark`() throws {
        var result = DrillResult(backup: try #require(BackupID("20261122T020000Z-base")))
        result.checks = [
            DrillCheck("tables", .passed),
            DrillCheck("indexes", .cannotJudge, detail: "sorted elsewhere", isEssential: false),
        ]
        result.conclude()
        #expect(result.verdict == .passed)
        #expect(result.reasons == ["indexes: sorted elsewhere"])
    }

    @Test(
        arguments: [
            (
                #"rmgr: Tablespace  len (rec/tot): 35/ 35, tx: 735, lsn: 0/03000110, prev 0/0, desc: CREATE 16384 "/srv/ts""#,
                "/srv/ts"
            ),
            (
                #"rmgr: Tablespace  len (rec/tot): 35/ 35, tx: 735, lsn: 0/03000110, desc: CREATE 1 "/a "b" c""#,
                #"/a "b" c"#
            ),
            ("rmgr: Tablespace  len (rec/tot): 30/ 30, tx: 735, lsn: 0/0, desc: DROP 16384", nil),
            ("rmgr: Heap  len (rec/tot): 30/ 30, desc: CREATE \"/x\"", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func `a record that creates a tablespace is known by its line`(_ line: String, _ location: String?) {
        #expect(TablespaceRecord.createdLocation(in: line) == location)
    }

    @Test
    func `the end of recovery is the last line of the history`() {
        let text = "1\t0/3000100\treached consistency\n# remark\n2\t1/A0\tno recovery target specified\n\n"
        let last = TimelineSwitch(history: text)
        #expect(last?.parent == 2)
        #expect(last?.position == LSN(0x1_0000_00A0))
        #expect(TimelineSwitch(history: "") == nil)
        #expect(TimelineSwitch(history: "x\ty\tz") == nil)
    }

    @Test
    func `own checks are read from their file`() {
        let text = """
            -- counts
            SELECT 1;
            SELECT
              2;
            -- database: second one
            SELECT 3;
            -- database:
            SELECT 4
            """
        let statements = DrillStatement.parse(text)
        #expect(statements.map(\.database) == [nil, nil, "second one", nil])
        #expect(
            statements.map { $0.sql.split(whereSeparator: \.isWhitespace).joined(separator: " ") } == [
                "SELECT 1;", "SELECT 2;", "SELECT 3;", "SELECT 4",
            ]
        )
        #expect(DrillStatement.parse("\n-- nothing\n;\n").isEmpty)
    }

    @Test(arguments: [
        (
            "could not access file \"$libdir/postgis-3\": No such file or directory", "58P01",
            DrillCheck.State.cannotJudge
        ),
        ("could not open file \"base/5/16384\": No such file or directory", "58P01", .failed),
        ("invalid page in block 3 of relation base/5/16384", "XX001", .failed),
        ("missing chunk number 0 for toast value 16390 in pg_toast_16384", "XX001", .failed),
        ("database locale is incompatible with operating system", "F0000", .cannotJudge),
        ("out of memory", "53200", .cannotJudge),
    ])
    func `what the machine lacks is not the backup's fault`(
        _ message: String,
        _ state: String,
        _ expected: DrillCheck.State
    ) {
        let error = PostgresError(.serverError, message, sqlState: state)
        #expect(ServerFailure.state(of: error) == expected)
    }

    @Test(
        arguments: [
            (.exited(1), false), (.exited(2), false), (.exited(126), true), (.exited(128 + SIGKILL), true),
            (.exited(128 + SIGSEGV), false), (.signalled(SIGKILL), true), (.signalled(SIGTERM), true),
            (.signalled(SIGABRT), false),
        ] as [(ChildProcess.Status, Bool)]
    )
    func `a program that somebody else ended says nothing of the backup`(_ status: ChildProcess.Status, _ isFrom: Bool)
    {
        #expect(ServerFailure.isFromOutside(status) == isFrom)
    }

    @Test
    func `work ends when the drill's time is over, and that is no verdict on the backup`() {
        let obstacle = #expect(throws: DrillObstacle.self) {
            try DrillDeadline(in: .milliseconds(50)).limit(CancellationFlag()) { halt in
                while true { try halt.check() }
            }
        }
        #expect(obstacle?.verdict == .cannotJudge)
        let cancelled = CancellationFlag()
        cancelled.cancel()
        #expect(throws: CancellationError.self) {
            try DrillDeadline(in: .seconds(600)).limit(cancelled) { halt in
                while true { try halt.check() }
            }
        }
    }

    @Test(
        arguments: [
            (.damaged, .failed), (.notFound, .failed), (.repositoryLocked, .cannotJudge),
            (.permissionDenied, .cannotJudge), (.diskFull, .cannotJudge),
        ] as [(RepositoryError.Code, DrillVerdict)]
    )
    func `a backup that can't be opened has a verdict too`(_ kind: RepositoryError.Code, _ verdict: DrillVerdict) throws
    {
        let id = try #require(BackupID("20261122T020000Z-base"))
        let result = DrillResult(unopened: id, RepositoryError(kind, "object 'x' is bad"))
        #expect(result.verdict == verdict && result.reasons == ["object 'x' is bad"] && result.backup == id)
    }

    @Test(
        arguments: [
            ("LOG:  redo starts at 0/2000028", ServerMilestones.Step.replaying),
            ("LOG:  database system is ready to accept connections", .ready),
            ("LOG:  database system is ready to accept read-only connections", nil),
            ("LOG:  starting PostgreSQL", nil),
        ] as [(String, ServerMilestones.Step?)]
    )
    func `the server's log tells how far it has come`(_ line: String, _ step: ServerMilestones.Step?) {
        #expect(ServerMilestones.step(of: line) == step)
    }
}
