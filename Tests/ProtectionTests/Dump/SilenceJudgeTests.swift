import Blocking
import PostgresClient
import TestSupport
import Testing

@testable import Protection

@Suite("A program that is silent")
struct SilenceJudgeTests {
    private static let patience = Duration.seconds(120)
    private static let goOn = SilenceJudge.Verdict.goOn(askAgainAfter: patience)

    @Test("is given up after two bad answers in a row, and never after one")
    func twice() {
        let bad: [(SilenceJudge.Sample, Duration, String)] = [
            (.waitingForProgram, Self.patience, "which waits for it"),
            (.gone, .seconds(5), "where its session is gone"),
            (.unknown("timed out"), Self.patience, "which does not answer: timed out"),
        ]
        for (first, again, _) in bad {
            for (second, _, words) in bad {
                var judge = SilenceJudge(patience: Self.patience)
                #expect(judge.judge(.working) == Self.goOn)
                #expect(judge.judge(first) == .goOn(askAgainAfter: again))
                #expect(judge.judge(second) == .lost(words))
                // A good answer or a byte between them, and it counts anew.
                judge = SilenceJudge(patience: Self.patience)
                _ = judge.judge(first)
                #expect(judge.judge(.working) == Self.goOn)
                _ = judge.judge(second)
                judge.heard()
                #expect(judge.judge(first) == .goOn(askAgainAfter: again))
            }
        }
    }

    @Test("is healthy while its session waits for no longer than it may, and is missed when that is gone")
    func session() async throws {
        try await blocking {
            let server = try PrivatePostgres()
            var settings = ConnectionSettings(host: server.socketDirectory, user: "postgres", database: "postgres")
            var programs = settings
            programs.applicationName = "a program"
            settings.applicationName = "recyclicd"
            var program: BlockingConnection? = try BlockingConnection.connect(programs)
            try program?.simpleQuery("BEGIN")
            let session = ProgramSession(named: "a program", settings, cancellation: CancellationFlag())
            // What waits between two of its queries looks the same as what is lost, the time aside.
            #expect(try session.sample(patience: .seconds(3_600)) == .working)
            try server.waitUntil(
                "SELECT state_change < clock_timestamp() - interval '20 ms' FROM pg_stat_activity WHERE application_name = 'a program'"
            )
            #expect(try session.sample(patience: .milliseconds(10)) == .waitingForProgram)
            #expect(try session.sample(patience: .seconds(3_600)) == .working)
            program = nil
            try server.waitUntil("SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'a program'")
            #expect(try session.sample(patience: .seconds(3_600)) == .gone)
            try server.stop(.immediate)
            let answer = try session.sample(patience: .zero)
            guard case .unknown = answer else {
                Issue.record("\(answer)")
                return
            }
        }
    }

    @Test("is asked after over another connection when that of the snapshot is lost")
    func another() async throws {
        try await blocking {
            let server = try PrivatePostgres()
            let settings = ConnectionSettings(host: server.socketDirectory, user: "postgres", database: "postgres")
            let first = try BlockingConnection.connect(settings)
            var programs = settings
            programs.applicationName = "a program"
            let program = try BlockingConnection.connect(programs)
            let session = ProgramSession(named: "a program", settings, over: first, cancellation: CancellationFlag())
            #expect(try session.sample(patience: .seconds(3_600)) == .working)
            try server.execute("SELECT pg_terminate_backend(\(first.backendPID))")
            #expect(try session.sample(patience: .seconds(3_600)) == .working)
            #expect(program.isUsable)
        }
    }

    @Test("has a snapshot whose limits are lifted, also those that older servers do not know")
    func limits() {
        #expect(BlockingConnection.limits(ofVersion: 13).isEmpty)
        #expect(BlockingConnection.limits(ofVersion: 16) == ["idle_session_timeout"])
        #expect(BlockingConnection.limits(ofVersion: 17) == ["idle_session_timeout", "transaction_timeout"])
    }
}
