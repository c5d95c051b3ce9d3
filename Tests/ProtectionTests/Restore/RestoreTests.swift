import Blocking
import Glibc
import Repository
import TestSupport
import Testing

@testable import Protection

@Suite(.serialized)
struct RestoreTests {
    @Test
    func `a restored backup boots on a new timeline with the rows of its source`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            try fixture.fill()
            let rows = try RestoreFixture.rows(of: fixture.source)
            let manifest = try fixture.backUp()
            try fixture.source.execute("DELETE FROM ticket")
            let target = fixture.scratch.path("restored/data")
            let result = try fixture.restore(manifest, to: target)
            #expect(result.summary.bytes == manifest.table.bytes)
            #expect(try RestoreFixture.names(beside: target) == ["data"])
            try expectModes(target)
            let restored = try PrivatePostgres.start(on: target)
            try restored.waitUntil("SELECT NOT pg_is_in_recovery()")
            #expect(try RestoreFixture.rows(of: restored) == rows)
            #expect(try restored.psql("SELECT timeline_id FROM pg_control_checkpoint()") == "2")
            #expect(try restored.psql("SHOW archive_mode") == "off")
            #expect(try restored.psql("INSERT INTO ticket VALUES (0, 'new') RETURNING id") == "0")
            #expect(access("\(target)/recyclic_wal", F_OK) != 0)
            try restored.stop()
            let check = try restored.run("pg_checksums", ["--check", "-D", target])
            #expect(check.status == 0, "\(check.errors)")
        }
    }

    @Test
    func `PostgreSQL's own tool finds every file as the server sent it`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            try fixture.fill()
            let manifest = try fixture.backUp()
            let target = fixture.scratch.path("data")
            try fixture.restore(manifest, to: target)
            guard access("\(target)/backup_manifest", F_OK) == 0 else { return }
            let ours = ["postgresql.auto.conf", "recovery.signal", "recyclic_wal"].map { "--ignore=\($0)" }
            let check = try fixture.source.run("pg_verifybackup", ours + ["--no-parse-wal", target])
            #expect(check.status == 0, "\(check.errors)")
        }
    }

    @Test
    func `an old backup restores by its deltas after its successor was taken`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            try fixture.fill()
            _ = try fixture.backUp()
            var backups: [(manifest: BackupManifest, rows: String)] = []
            for round in 1...3 {
                try fixture.source.execute(
                    "UPDATE ticket SET weight = \(round) WHERE id % 50 = \(round); CHECKPOINT"
                )
                backups.append((try fixture.backUp(), try RestoreFixture.rows(of: fixture.source)))
            }
            #expect(backups.contains { $0.manifest.sizes.deltaChunks > 0 })
            for (number, backup) in backups.enumerated() {
                let target = fixture.scratch.path("data\(number)")
                try fixture.restore(backup.manifest, to: target)
                let restored = try PrivatePostgres.start(on: target)
                try restored.waitUntil("SELECT NOT pg_is_in_recovery()")
                #expect(try RestoreFixture.rows(of: restored) == backup.rows)
                try restored.stop(.immediate)
            }
        }
    }

    @Test
    func `tablespaces go inside or where they are mapped, and nothing touches the originals`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let (first, second) = (fixture.scratch.path("ts1"), fixture.scratch.path("ts2"))
            for folder in [first, second] {
                try Program.check("mkdir", [folder])
                if let user = fixture.source.user { try Program.check("chown", [user.name, folder]) }
            }
            try fixture.fill()
            try fixture.source.execute("CREATE TABLESPACE one LOCATION '\(first)'")
            try fixture.source.execute("CREATE TABLESPACE two LOCATION '\(second)'")
            try fixture.source.execute(
                """
                CREATE TABLE in_one TABLESPACE one AS SELECT g FROM generate_series(1, 1000) g;
                CREATE TABLE in_two TABLESPACE two AS SELECT g FROM generate_series(1, 2000) g; CHECKPOINT;
                """
            )
            let manifest = try fixture.backUp()
            try fixture.source.execute("CHECKPOINT")
            let before = try [first, second].map(RestoreFixture.snapshot)
            let target = fixture.scratch.path("data")
            let mapped = fixture.scratch.path("elsewhere/two")
            let mapping = try TablespaceMapping(parsing: "\(second)=\(mapped)")
            let result = try fixture.restore(manifest, to: target, tablespaces: [mapping])
            #expect(result.preview.tablespaces.map(\.restored).contains(mapped))
            if let user = fixture.source.user { try Program.check("chown", ["-R", user.name, mapped]) }
            let restored = try PrivatePostgres.start(on: target)
            try restored.waitUntil("SELECT NOT pg_is_in_recovery()")
            #expect(try restored.psql("SELECT count(*) FROM in_one; SELECT count(*) FROM in_two") == "1000\n2000")
            try restored.execute("INSERT INTO in_one SELECT 1; INSERT INTO in_two SELECT 1; CHECKPOINT")
            try restored.stop()
            #expect(try [first, second].map(RestoreFixture.snapshot) == before)
            #expect(try fixture.source.psql("SELECT count(*) FROM in_one") == "1000")
            #expect(try RestoreFixture.names(beside: mapped) == ["two"])
        }
    }

    @Test
    func `a target that is not an absent or empty folder is refused and left as it is`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            try Program.check("mkdir", ["-p", fixture.scratch.path("filled/something"), fixture.scratch.path("empty")])
            try Program.check("touch", [fixture.scratch.path("file")])
            let before = try RestoreFixture.snapshot(of: fixture.scratch.path)
            for target in ["filled", "file", "repository/data", ""].map(fixture.scratch.path) + ["/", "relative"] {
                #expect(throws: RestoreError.self, "\(target)") { try fixture.restore(manifest, to: target) }
            }
            #expect(try RestoreFixture.snapshot(of: fixture.scratch.path) == before)
            // Another restore that runs beside it is left alone.
            let other = try PartialRestore(target: fixture.scratch.path("other"))
            try fixture.restore(manifest, to: fixture.scratch.path("empty"))
            #expect(access(fixture.scratch.path("empty/PG_VERSION"), F_OK) == 0)
            #expect(access(other.path, F_OK) == 0)
            other.discard()
        }
    }

    @Test
    func `a damaged pack fails the restore by its name and leaves nothing`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            try fixture.fill()
            let manifest = try fixture.backUp()
            let pack = try #require(try fixture.packs(.data).first)
            for offset in stride(from: Int64(100), to: 40_000, by: 97) { try fixture.damage(pack, at: offset) }
            let target = fixture.scratch.path("new/data")
            let error = #expect(throws: RepositoryError.self) { try fixture.restore(manifest, to: target) }
            #expect(error?.message.contains(pack) == true, "\(error.map { "\($0)" } ?? "")")
            #expect(error?.kind == .damaged)
            #expect(access(fixture.scratch.path("new"), F_OK) != 0)
        }
    }

    @Test
    func `a cancelled restore, and one of a damaged WAL object, leave nothing`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let target = fixture.scratch.path("data")
            let progress = ProgressMeter()
            let cancellation = CancellationFlag()
            startThread("canceller") {
                progress.waitForPhase("restoring")
                cancellation.cancel()
            }
            #expect(throws: CancellationError.self) {
                try fixture.restore(manifest, to: target, cancellation: cancellation, progress: progress)
            }
            #expect(try RestoreFixture.names(beside: target) == ["repository"])
            let object = try #require(manifest.walObjectNames.first)
            try fixture.damage(object, at: 40)
            let error = #expect(throws: RepositoryError.self) { try fixture.restore(manifest, to: target) }
            #expect(error?.message.contains(object) == true)
            #expect(try RestoreFixture.names(beside: target) == ["repository"])
        }
    }

    @Test
    func `what a killed restore left is removed by the next one, with its tablespaces`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let manifest = try fixture.backUp()
            let target = fixture.scratch.path("data")
            let outside = fixture.scratch.path("space")
            // As kill -9 leaves it: the object is never told, its lock is dropped with the last reference.
            func die() throws {
                let partial = try PartialRestore(target: target)
                _ = try partial.addOutside(outside, owner: nil)
                try Folders.make(partial.data)
                #expect(rename(try fixture.onlyPartial(of: outside), outside) == 0)
            }
            try die()
            #expect(try RestoreFixture.names(beside: target).count == 3)
            try fixture.restore(manifest, to: target)
            #expect(try RestoreFixture.names(beside: target) == ["data", "repository"])
        }
    }

    @Test
    func `a backup that would overwrite a tablespace's place when it is replayed is refused`() async throws {
        try await blocking {
            let fixture = try RestoreFixture()
            let place = fixture.scratch.path("late")
            try Program.check("mkdir", [place])
            if let user = fixture.source.user { try Program.check("chown", [user.name, place]) }
            let manifest = try fixture.backUp(slowly: {
                try fixture.source.execute(
                    "CREATE TABLE much AS SELECT g, md5(g::text) FROM generate_series(1, 9000) g"
                )
                try fixture.source.execute("CREATE TABLESPACE late LOCATION '\(place)'")
            })
            let target = fixture.scratch.path("data")
            let error = #expect(throws: RestoreError.self) { try fixture.restore(manifest, to: target) }
            #expect(error?.message.contains(place) == true)
            #expect(try RestoreFixture.names(beside: target) == ["late", "repository"])
            try fixture.source.stop()
            try Program.check("mv", [place, "\(place).gone"])
            try fixture.restore(manifest, to: target)
        }
    }

    private func expectModes(_ target: String) throws {
        let folders = try Program.check("find", [target, "-type", "d", "-not", "-perm", "700"])
        let files = try Program.check("find", [target, "-type", "f", "-not", "-perm", "600"])
        #expect(folders.isEmpty)
        #expect(files.isEmpty)
    }
}

extension RestoreFixture {
    /// The one partial folder of a tablespace.
    fileprivate func onlyPartial(of path: String) throws -> String {
        let name = try #require(
            try Folders.names(in: scratch.path).first { $0.contains(".recyclic-partial-") && $0.hasPrefix("space") }
        )
        return scratch.path(name)
    }
}
