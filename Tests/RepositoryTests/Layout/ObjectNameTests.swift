import Testing

@testable import Repository

@Suite struct ObjectNameTests {
    private let digest = Digest(hashing: [1, 2, 3])
    private let time = UTCTime(secondsSinceEpoch: 1_795_312_800)

    @Test func namesAreMadeAndTakenApart() {
        let id = BackupID(startedAt: time, kind: .base)
        let names: [(String, ObjectKind)] = [
            (ObjectName.repository, .repository),
            (ObjectName.pack(digest), .pack),
            (ObjectName.index(digest), .index),
            (ObjectName.tombstone(at: time, digest), .tombstone),
            (ObjectName.manifest(cluster: "7", id: id, digest), .manifest),
            (ObjectName.mark(cluster: "7", at: time, digest), .mark),
            (
                ObjectName.wal(cluster: "7", timeline: 26, history: [], file: "0000001A0000000000000001", digest),
                .wal
            ),
        ]
        for (name, kind) in names {
            #expect(ObjectKind(name: name) == kind)
            #expect(ObjectName.digest(of: name) == (kind == .repository ? nil : digest))
        }
        #expect(names[1].0 == "packs/\(digest.hex.prefix(2))/\(digest.hex)")
        #expect(names[4].0 == "clusters/7/backups/20261122T020000Z-base-\(digest.hex)")
        #expect(names[6].0 == "clusters/7/wal/0000001A-e3b0c442/0000001A0000000000000001-\(digest.hex)")
        #expect(ObjectName.manifestParts(names[4].0)?.id == id)
        #expect(ObjectName.cluster(of: names[4].0) == "7")
    }

    @Test(arguments: [
        "", "lock", "packs/ab/x", "index/", "index/abc", "packs/zz/", "clusters/7/backups/x", "a/b/c/d/e",
    ])
    func strangersAreUnknown(name: String) {
        #expect(ObjectKind(name: name) == .unknown)
    }

    @Test func aPackInTheWrongFolderIsUnknown() {
        #expect(ObjectKind(name: "packs/zz/\(digest.hex)") == .unknown)
    }

    @Test(arguments: [
        "20261122T020000Z", "20261122T020000Z-", "20261122T020000Z-full", "x-base", "20261122T020000Z-base-1",
    ])
    func otherIdsAreRefused(text: String) {
        #expect(BackupID(text) == nil)
    }

    @Test func idsSortByTime() {
        let early = BackupID(startedAt: time, kind: .dump)
        let late = BackupID(startedAt: time.adding(seconds: 1), kind: .base)
        #expect(early < late)
        #expect(BackupID("\(late)") == late)
    }
}
