import FoundationEssentials
import State
import Testing

@Suite("What was verified")
struct VerificationTests {
    private let start = Date(timeIntervalSince1970: 1_795_000_000)

    @Test("an object is verified or damaged, never both, and keeps the time damage was found first")
    func objects() async throws {
        let store = try await StateStore.inMemory(now: start)
        let good = VerifiedObject(name: "packs/ab/1", sizeBytes: 10, verifiedAt: start)
        let later = VerifiedObject(name: "packs/ab/2", sizeBytes: 20, verifiedAt: start + 50)
        try await store.recordVerification(verified: [good, later])
        #expect(try await store.verifiedObjects() == [good.name: good, later.name: later])
        #expect(try await store.verifiedObjects(since: start + 50) == [later.name: later])

        let damaged = DamagedObject(name: good.name, foundAt: start + 60, reason: "is cut short")
        try await store.recordVerification(verified: [], damaged: [damaged])
        #expect(try await store.verifiedObjects() == [later.name: later])
        try await store.recordVerification(
            verified: [],
            damaged: [DamagedObject(name: good.name, foundAt: start + 90, reason: "is missing")]
        )
        #expect(
            try await store.damagedObjects()
                == [DamagedObject(name: good.name, foundAt: start + 60, reason: "is missing")]
        )
        // Stored again, it is whole again.
        let healed = VerifiedObject(name: good.name, sizeBytes: 10, verifiedAt: start + 100)
        try await store.recordVerification(verified: [healed])
        #expect(try await store.damagedObjects().isEmpty)
        #expect(try await store.verifiedObjects()[good.name] == healed)
        try await store.forgetObjects([good.name, "packs/zz/9"])
        #expect(try await store.verifiedObjects() == [later.name: later])
    }

    @Test("the last run and what it says of each backup are remembered")
    func runs() async throws {
        let store = try await StateStore.inMemory(now: start)
        #expect(try await store.lastVerifyRun() == nil)
        var run = VerifyRun(
            startedAt: start,
            finishedAt: start + 5,
            scope: "all",
            isFull: true,
            objectsChecked: 12,
            bytesRead: 1 << 40,
            damagedObjects: ["packs/ab/1"],
            affectedBackups: ["20261121T020000Z-base"]
        )
        let bad = BackupVerification(
            backupID: "20261121T020000Z-base",
            verifiedAt: start + 5,
            damagedObjects: ["packs/ab/1"]
        )
        let whole = BackupVerification(backupID: "20261120T020000Z-base", verifiedAt: start + 5)
        try await store.recordVerifyRun(run, backups: [bad, whole])
        #expect(try await store.lastVerifyRun() == run)
        #expect(try await store.backupVerifications() == [bad.backupID: bad, whole.backupID: whole])
        #expect(whole.isIntact && !bad.isIntact)

        run.scope = bad.backupID
        run.damagedObjects = []
        run.affectedBackups = []
        let mended = BackupVerification(backupID: bad.backupID, verifiedAt: start + 60)
        try await store.recordVerifyRun(run, backups: [mended])
        #expect(try await store.lastVerifyRun() == run)
        #expect(try await store.lastVerifyRun(scope: "all")?.damagedObjects == ["packs/ab/1"])
        #expect(try await store.backupVerifications()[bad.backupID] == mended)
        try await store.forgetBackups([bad.backupID])
        #expect(try await store.backupVerifications() == [whole.backupID: whole])
    }
}
