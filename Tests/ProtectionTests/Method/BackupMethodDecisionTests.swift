import Blocking
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import Protection

@Suite("What protects a server")
struct BackupMethodDecisionTests {
    private static let refused = BackupMethodDecision.Answer.refused(reason: "no REPLICATION", hint: "ALTER ROLE")

    @Test("is what the operator says")
    func asked() {
        for answer in [BackupMethodDecision.Answer.possible, Self.refused, .unknown] {
            for was in [true, false] {
                let base = BackupMethodDecision.decide(.base, wasBasePossible: was, answer: answer, previous: nil)
                let dump = BackupMethodDecision.decide(.dump, wasBasePossible: was, answer: answer, previous: nil)
                #expect(base == BackupMethodDecision(.base) && dump == BackupMethodDecision(.dump))
            }
        }
    }

    @Test(
        "is by itself base backups where they are possible, and were; and dumps, with the reason, where they never were"
    )
    func auto() {
        func decide(_ was: Bool, _ answer: BackupMethodDecision.Answer, _ previous: BackupMethodDecision? = nil)
            -> BackupMethodDecision
        {
            .decide(.auto, wasBasePossible: was, answer: answer, previous: previous)
        }
        #expect(decide(false, .possible).method == .base)
        let dump = decide(false, Self.refused)
        #expect(dump == BackupMethodDecision(.dump, reason: "no REPLICATION", hint: "ALTER ROLE"))
        // A right that was lost is a fault, not another method.
        #expect(decide(true, Self.refused) == BackupMethodDecision(.base))
        #expect(decide(false, .unknown).method == .base && decide(false, .unknown, dump) == dump)
        #expect(decide(false, .possible, dump).method == .base)
    }

    @Test("is asked of the server itself")
    func probe() async throws {
        try await blocking {
            let server = try PrivatePostgres(PrivatePostgres.Options())
            try server.execute("CREATE ROLE recyclic LOGIN")
            let settings = ConnectionSettings(
                host: server.socketDirectory,
                port: server.port,
                user: "recyclic",
                database: "postgres"
            )
            guard
                case .refused(let reason, let hint) = try BaseBackupProbe.ask(
                    settings,
                    cancellation: CancellationFlag()
                )
            else {
                Issue.record("a role without REPLICATION was let in")
                return
            }
            #expect(!reason.isEmpty && hint?.contains("REPLICATION") == true, "\(reason) \(hint ?? "")")
            try server.execute("ALTER ROLE recyclic REPLICATION")
            #expect(try BaseBackupProbe.ask(settings, cancellation: CancellationFlag()) == .possible)
            try server.stop()
            #expect(try BaseBackupProbe.ask(settings, cancellation: CancellationFlag()) == .unknown)
        }
    }

    @Test("decides which backups are rehearsed")
    func drills() {
        let now = Date(timeIntervalSince1970: 1_795_000_000)
        let backups: [DrillChoice.Candidate] = [
            .init(id: "a1", cluster: "1", database: "a", isDump: true), .init(id: "base1", cluster: "1", isDump: false),
            .init(id: "b1", cluster: "1", database: "b", isDump: true),
            .init(id: "a2", cluster: "1", database: "a", isDump: true), .init(id: "base2", cluster: "1", isDump: false),
            .init(id: "gone", cluster: "1", database: "c", isDump: true),
            .init(id: "b of another", cluster: "2", database: "b", isDump: true),
        ]
        func targets(
            _ method: BackupMethodDecision.Method,
            _ drilled: [String: Double],
            wanted: [String]? = ["a", "b"],
            cluster: String? = "1"
        ) -> [String] {
            DrillChoice.targets(
                backups,
                cluster: cluster,
                drilled: drilled.mapValues { now - $0 * 86_400 },
                wanted: wanted,
                method: method,
                now: now
            )
        }
        #expect(targets(.dump, [:]) == ["a2"])
        #expect(targets(.dump, ["a1": 1]) == ["b1"])
        #expect(targets(.dump, ["a1": 9, "b1": 2]) == ["a2"])
        #expect(targets(.dump, ["a2": 1, "b1": 2]) == ["b1"])
        #expect(targets(.dump, ["a2": 1, "b1": 2], wanted: nil) == ["gone"])
        #expect(targets(.base, [:]) == ["base2", "a2"])
        #expect(targets(.base, ["a1": 27]) == ["base2"])
        #expect(targets(.base, ["a1": 28]) == ["base2", "b1"])
        #expect(targets(.base, [:], wanted: []) == ["base2"])
        #expect(targets(.dump, ["a2": 1, "b1": 2], cluster: "2") == ["b of another"])
        #expect(targets(.dump, ["a2": 1, "b1": 2], cluster: nil) == ["b of another"])
        let none = DrillChoice.targets([], cluster: nil, drilled: [:], wanted: nil, method: .base, now: now)
        #expect(none.isEmpty)
    }
}
