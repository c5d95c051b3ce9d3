import FoundationEssentials
import HTTPAPI
import Monitoring
import State
import Testing

@Suite("Monitoring routes")
struct MonitoringRoutesTests {
    private let now = Date(timeIntervalSince1970: 1_795_000_000)

    private func answer(
        _ path: String,
        age: Double? = 10,
        _ change: (inout HealthMeasurements) -> Void = { _ in }
    ) async -> HTTPAnswer? {
        var measurements = HealthMeasurements(
            firstStart: now - 30 * 86_400,
            backupCount: 1,
            newestRestorable: .init(id: "20261118T100000Z-base", restorablePoint: now - 3600),
            lastVerify: .init(finishedAt: now - 60, damagedObjects: 0, affectedBackups: 0),
            lastDrill: .init(backupID: "20261118T100000Z-base", finishedAt: now - 60, verdict: .passed),
            lastPassedDrill: now - 60,
            offsite: .waived
        )
        change(&measurements)
        let facts = CollectedFacts(
            collectedAt: now - (age ?? 0),
            collectionSeconds: 0.01,
            measurements: measurements,
            thresholds: HealthThresholds()
        )
        let collection = age.map { (facts: facts, ageSeconds: $0) }
        let live = LiveFacts(version: "1", startedAt: now, process: nil, pool: LiveFacts.Pool())
        let now = now
        return await MonitoringRoutes(collection: { collection }, live: { live }, now: { now }).answer(path)
    }

    @Test("all is well")
    func good() async {
        #expect(await answer("/healthz")?.status == 200)
        #expect(await answer("/healthz")?.body.contains(#""health":"ok","reasons":[]"#) == true)
        #expect(await answer("/readyz")?.status == 200)
        #expect(await answer("/metrics")?.body.contains("\nrecyclic_backup_age_seconds 3600\n") == true)
        #expect(await answer("/elsewhere") == nil)
    }

    @Test("a warning is told and is no failure")
    func warning() async {
        let answer = await answer("/healthz") { $0.offsite = .missing }
        #expect(answer?.status == 200 && answer?.body.contains(#""code":"noOffsiteCopy""#) == true)
    }

    @Test("a database that is down is critical, and nothing is ready")
    func down() async {
        for path in ["/healthz", "/readyz"] {
            let answer = await answer(path) { $0.databaseTrouble = .init(message: "connection refused") }
            #expect(answer?.status == 503)
            #expect(answer?.body.contains(#""code":"databaseUnreachable""#) == true)
        }
    }

    @Test("an old backup is critical, yet another one can be taken")
    func old() async {
        let change: (inout HealthMeasurements) -> Void = { $0.newestRestorable?.restorablePoint = now - 26 * 3600 }
        #expect(await answer("/healthz", change)?.status == 503)
        #expect(await answer("/readyz", change)?.status == 200)
    }

    @Test("figures that are missing or old are not passed off as the present")
    func stale() async {
        for path in ["/healthz", "/readyz"] {
            #expect(await answer(path, age: nil)?.body.contains(#""code":"notCollected""#) == true)
            #expect(await answer(path, age: nil)?.status == 503)
            #expect(await answer(path, age: 301)?.body.contains(#""code":"stale""#) == true)
            #expect(await answer(path, age: 301)?.status == 503)
            #expect(await answer(path, age: 299)?.status == 200)
        }
        let health = #"recyclic_health_reason{code="stale"}"#
        #expect(await answer("/metrics", age: 301)?.body.contains("\n\(health) 2\n") == true)
        #expect(await answer("/metrics", age: 299)?.body.contains("\n\(health) 0\n") == true)
    }
}
