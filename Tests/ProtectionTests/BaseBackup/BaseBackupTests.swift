import Blocking
import Glibc
import PostgresClient
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite("Base backups of a running server")
struct BaseBackupTests {
    private static let sample = """
        CREATE TABLE ticket (id int PRIMARY KEY, body text);
        INSERT INTO ticket SELECT n, repeat(md5(n::text), 4) FROM generate_series(1, 20000) n;
        CREATE TABLE "wide" AS SELECT n, repeat('x', 100) AS filler FROM generate_series(1, 1000) n;
        """

    @Test("are whole: PostgreSQL's own judge agrees, and a server starts on the copy with the same rows")
    func roundTrip() async throws {
        let bench = try await BackupBench.started()
        let spaces = try TemporaryDirectory()
        let location = spaces.path("fast disk")
        mkdir(location, 0o700)
        if let user = try ServerUser.find() { chown(location, user.uid, user.gid) }
        try bench.server.psql(Self.sample)
        try bench.server.psql("CREATE TABLESPACE fast LOCATION '\(location)'")
        try bench.server.psql("CREATE TABLE moved TABLESPACE fast AS SELECT * FROM ticket; CREATE DATABASE other")
        let progress = ProgressMeter()
        let result = try await bench.backUp(progress: progress)

        #expect(result.findings.isEmpty)
        #expect(progress.snapshot.phase == "finishing")
        let manifest = result.manifest
        #expect(try bench.repository.backups().map(\.id) == [manifest.id])
        #expect(try bench.repository.manifest(named: "latest") == manifest)
        #expect(manifest.sizes.newChunks > 0 && manifest.sizes.addedBytes > 0)
        #expect(manifest.table.bytes == manifest.sizes.logicalBytes)
        #expect(manifest.wal?.timeline == 1 && !manifest.walObjects.isEmpty)
        let stoppedAt = try #require(manifest.stoppedAt)
        #expect(manifest.startedAt <= stoppedAt && stoppedAt <= manifest.finishedAt)
        let facts = manifest.server
        #expect(facts.versionNumber / 10_000 >= 15 && facts.dataChecksums && facts.blockSize == 8192)
        #expect(facts.databases.map(\.name) == ["other", "postgres", "template0", "template1"])
        #expect(facts.databases.allSatisfy { $0.sizeBytes ?? 0 > 0 && $0.encoding == "UTF8" })
        #expect(facts.databases[1].extensions?.map(\.name) == ["plpgsql"])
        #expect(facts.tablespaces.map(\.name) == ["fast"] && facts.tablespaces[0].location == location)
        #expect(facts.superusers == ["postgres"])
        #expect(facts.settings["max_connections"] == "100")
        #expect(facts.notAvailable.isEmpty)

        let copy = try ExtractedBackup(manifest, bench.repository)
        try copy.verify(bench.server.binaries)
        let question = "SELECT count(*), sum(hashtext(body)) FROM ticket UNION ALL SELECT count(*), 0 FROM moved"
        let rows = try bench.server.psql(question)
        try bench.server.stop()
        // The original tablespace must not be needed: the copy has its own.
        removeTree(location)
        let second = try copy.start()
        #expect(try second.psql(question) == rows)
    }

    @Test("add little when nothing or little changed, and share everything else")
    func again() async throws {
        let bench = try await BackupBench.started()
        try bench.server.psql(Self.sample)
        let first = try await bench.backUp()
        let second = try await bench.backUp()
        #expect(second.id > first.id)
        #expect(second.manifest.previous?.hasPrefix(first.id.description) == true)
        #expect(second.manifest.sizes.addedBytes < 200_000)
        #expect(second.manifest.sizes.newChunks < 30)

        try bench.server.psql("UPDATE ticket SET body = reverse(body) WHERE id % 100 = 7; VACUUM ticket; CHECKPOINT")
        let third = try await bench.backUp()
        #expect(third.manifest.sizes.deltaChunks > 10)
        #expect(third.manifest.sizes.addedBytes < first.manifest.sizes.addedBytes / 3)
        for result in [first, second, third] {
            try ExtractedBackup(result.manifest, bench.repository).verify(bench.server.binaries)
        }
    }

    @Test("can be made with each codec", arguments: Codec.allCases)
    func codecs(codec: Codec) async throws {
        let bench = try await BackupBench.started()
        let request = bench.request { $0.ingest = IngestOptions(codec: codec, workers: 2) }
        for _ in 0..<2 {
            let result = try await bench.backUp(request)
            #expect(result.manifest.codec == codec.rawValue)
            try ExtractedBackup(result.manifest, bench.repository).verify(bench.server.binaries)
        }
    }

    @Test("are consistent while the server writes")
    func underLoad() async throws {
        // Small segments, so that the backup needs many, and the server is eager to recycle them.
        let bench = try await BackupBench.started {
            $0.initdbArguments = ["--wal-segsize=1"]
            $0.settings = ["max_wal_size": "8MB", "min_wal_size": "2MB", "checkpoint_timeout": "30s"]
        }
        let server = bench.server
        let pgbench = server.binaries.path("pgbench")
        let place = [
            "--host", server.socketDirectory, "--port", "\(server.port)", "--username", "postgres", "postgres",
        ]
        _ = try await onThread("init") { try Program.check(pgbench, ["--initialize", "--quiet", "--scale=2"] + place) }
        async let load = onThread("load") {
            try Program.check(pgbench, ["--client=4", "--time=8", "--no-vacuum"] + place)
        }
        // Slow enough to overlap with a good part of the load.
        let result = try await bench.backUp(bench.request { $0.maximumRateKiB = 12_000 })
        _ = try await load
        #expect(result.findings.isEmpty)
        #expect(result.manifest.wal?.segmentBytes == 1_048_576)
        #expect(result.manifest.walObjects.count > 3)
        let copy = try ExtractedBackup(result.manifest, bench.repository)
        try copy.verify(server.binaries)
        try server.stop()
        let second = try copy.start()
        let sums = try second.psql(
            """
            SELECT (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(bbalance) FROM pgbench_branches),
                   (SELECT sum(tbalance) FROM pgbench_tellers), (SELECT coalesce(sum(delta), 0) FROM pgbench_history)
            """
        ).split(separator: "|")
        #expect(Set(sums).count == 1)
    }

    @Test("of damaged pages are kept, and name file and block")
    func damagedPage() async throws {
        let bench = try await BackupBench.started()
        try bench.server.psql(Self.sample)
        let file = try bench.server.psql("SELECT pg_relation_filepath('ticket')")
        try bench.server.stop()
        let descriptor = open("\(bench.server.dataDirectory)/\(file)", O_WRONLY)
        #expect(pwrite(descriptor, "damage", 6, 3 * 8192 + 4000) == 6)
        close(descriptor)
        try bench.server.start()
        let result = try await bench.backUp()
        #expect(result.findings.count == 1)
        #expect(result.findings.first?.code == "pageChecksum")
        #expect(result.findings.first?.path == file)
        #expect(result.findings.first?.block == 3)
        #expect(try bench.repository.manifest(named: "latest").findings == result.findings)
        // What the disk held is what was stored.
        try ExtractedBackup(result.manifest, bench.repository).verify(bench.server.binaries)
    }

    @Test("go with LOGIN REPLICATION alone through the official image's pg_hba.conf, and name the rights they lack")
    func officialImage() async throws {
        let bench = try await BackupBench.started {
            $0.listensOnTCP = true
            $0.authentication = .officialImage
        }
        try bench.server.psql("CREATE ROLE \"back up\" LOGIN REPLICATION PASSWORD 'secret word'")
        let proxy = try StallingProxy(to: bench.server.port, sourceAddress: "127.0.0.2")
        var connection = ConnectionSettings(port: proxy.port, user: "back up", database: "postgres")
        connection.password = Password("secret word")
        let result = try await bench.backUp(bench.request(connection))
        let facts = result.manifest.server
        #expect(facts.versionNumber > 150_000 && facts.settings["max_connections"] == "100")
        #expect(facts.superusers == ["postgres"])
        #expect(facts.notAvailable.contains { $0.grant == "GRANT pg_monitor TO \"back up\"" })
        try ExtractedBackup(result.manifest, bench.repository).verify(bench.server.binaries)
    }

    @Test("of a later timeline hold its history, and configuration that lies outside the data directory")
    func timeline() async throws {
        let configuration = try TemporaryDirectory()
        let rules = configuration.path("pg_hba.conf")
        try Program.check("sh", ["-c", "echo 'local all,replication all trust' >\"$0\"", rules])
        let bench = try await BackupBench.started {
            $0.settings = ["hba_file": rules, "restore_command": "false"]
        }
        try bench.server.stop()
        let signal = "\(bench.server.dataDirectory)/recovery.signal"
        close(open(signal, O_CREAT | O_WRONLY, 0o600))
        if let user = try ServerUser.find() { chown(signal, user.uid, user.gid) }
        try await onThread("start") { try bench.server.start() }
        // The server takes connections before the checkpoint that ends its recovery.
        try bench.server.waitUntil("SELECT timeline_id = 2 FROM pg_control_checkpoint()")

        let result = try await bench.backUp()
        let wal = try #require(result.manifest.wal)
        #expect(wal.timeline == 2 && result.manifest.server.timeline == 2)
        #expect(wal.histories.map(\.name) == ["00000002.history"])
        #expect(wal.objects.allSatisfy { $0.name.hasPrefix("00000002") && $0.object.hasPrefix("wal/00000002-") })
        #expect(wal.objects.allSatisfy { !$0.object.hasPrefix("wal/00000002-e3b0c442") })
        let files = result.manifest.server.configurationFiles
        #expect(files == [.init(path: rules, content: "local all,replication all trust\n")])
        try ExtractedBackup(result.manifest, bench.repository).verify(bench.server.binaries)
    }
}
