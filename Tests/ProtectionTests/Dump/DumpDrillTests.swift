import Blocking
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("Drills of dumps", .serialized)
struct DumpDrillTests {
    private static func drill(
        _ manifest: BackupManifest,
        _ bench: DumpBench,
        _ change: (inout DrillOptions) -> Void = { _ in }
    ) throws -> DrillResult {
        let scratch = try TemporaryDirectory(prefix: "rd")
        var options = DrillOptions(
            jobID: "j1",
            directory: scratch.path("drills"),
            runtimeDirectory: scratch.path("run"),
            programs: bench.server.binaries.directory,
            timeout: .seconds(240)
        )
        change(&options)
        let contents = try BackupContents(repository: bench.repository, manifest: manifest)
        let result = try Drill(contents, options: options, cancellation: CancellationFlag(), progress: ProgressMeter())
            .run()
        #expect((try? Folders.names(in: options.directory)) ?? [] == [])
        #expect((try? Folders.names(in: options.runtimeDirectory)) ?? [] == [])
        #expect(RunningServers.list().filter { $0.directory.hasPrefix(options.directory) }.isEmpty)
        return result
    }

    @Test("prove a good one, in timed phases, with the operator's checks")
    func passes() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill("Déchèterie \"nord\"")
            let name = "Déchèterie \"nord\""
            try bench.server.execute(
                "CREATE ROLE weigher; CREATE UNLOGGED TABLE passing AS SELECT 1 AS a; ALTER TABLE sales OWNER TO weigher",
                database: name
            )
            try bench.server.execute("SELECT lo_from_bytea(0, 'picture')", database: name)
            let manifest = try bench.dump(bench.request(bench.connection(name, user: "postgres"))).manifest
            let result = try Self.drill(manifest, bench) {
                $0.statements = [
                    DrillStatement(sql: "SELECT count(*) > 0 FROM ligne_depot"),
                    DrillStatement(database: name, sql: "SELECT count(*) = 1 FROM passing"),
                    DrillStatement(database: "elsewhere", sql: "SELECT false"),
                ]
            }
            #expect(result.verdict == .passed, "\(result.reasons)")
            #expect(result.phases.map(\.name) == [.initialize, .boot, .load, .checks, .stop])
            #expect(result.recoverySeconds ?? 0 > 0 && result.rows > 100 && result.tables > 15)
            let checks = Dictionary(uniqueKeysWithValues: result.checks.map { ($0.name, $0.state) })
            for check in ["loading the dump of", "all tables of", "tables of", "own check 1 in", "own check 2 in"] {
                #expect(checks["\(check) \"\(name)\""] == .passed, "\(check): \(checks)")
            }
            #expect(!checks.keys.contains { $0.contains("own check 3") })
        }
    }

    @Test("fail what does not load, and what is damaged")
    func fails() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            // What a materialised view is made of is not there when another database is restored from the dump.
            try bench.server.execute(
                """
                CREATE FUNCTION fails() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
                    IF current_setting('fsync') = 'off' AND current_setting('jit') = 'off' THEN RAISE 'not here'; END IF;
                    RETURN 1; END $$;
                CREATE MATERIALIZED VIEW tail AS SELECT fails();
                """,
                database: "recyclic"
            )
            let bad = try Self.drill(try bench.dump().manifest, bench)
            #expect(bad.verdict == .failed && bad.reasons.contains { $0.contains("not here") }, "\(bad)")
            try bench.server.execute("DROP MATERIALIZED VIEW tail", database: "recyclic")
            let good = try bench.dump().manifest
            #expect(try Self.drill(good, bench).verdict == .passed)
            let pack = try #require(
                try bench.repository.store.names(ObjectName.packs).first { name in
                    guard let digest = ObjectName.digest(of: name) else { return false }
                    return try PackDirectory.read(digest, from: bench.repository.store).kind == .data
                }
            )
            let file = try OpenFile.open("\(bench.repository.path)/\(pack)", 2)
            try [UInt8](repeating: 0x5a, count: 64).withUnsafeBytes { try file.write($0, at: 5_000) }
            let damaged = try Self.drill(good, bench)
            #expect(damaged.verdict == .failed, "\(damaged)")
            #expect(damaged.reasons.first?.contains("can't be read") == true, "\(damaged.reasons)")
        }
    }

    @Test("can't judge without the programs, or what an extension is missing for")
    func cannotJudge() async throws {
        try await blocking {
            let bench = try DumpBench()
            try bench.fill()
            var manifest = try bench.dump().manifest
            manifest.server.versionNumber = 990_000
            let programs = try Self.drill(manifest, bench)
            #expect(
                programs.verdict == .cannotJudge && programs.hints.contains { $0.contains("apt-get install") },
                "\(programs)"
            )
            #expect(DumpDrill.isOfTheMachine("extension \"postgis\" is not available"))
            #expect(!DumpDrill.isOfTheMachine("relation \"x\" does not exist"))
        }
    }
}
