import Foundation
import Monitoring
import Testing

@testable import recyclicd

/// What alerts are made of.
@Suite
struct AlertServiceTests {
    private static let now = Date(timeIntervalSince1970: 1_795_000_000)

    private static func judgement(
        _ change: (inout HealthMeasurements) -> Void = { _ in },
        age: Double? = 30,
        waited: Double = 0
    ) -> HealthReport? {
        var measurements = HealthMeasurements(firstStart: now - 86_400, backupCount: 1, offsite: .waived)
        measurements.newestRestorable = .init(id: "b", restorablePoint: now - 60)
        change(&measurements)
        let facts = CollectedFacts(
            collectedAt: now,
            collectionSeconds: 0.1,
            measurements: measurements,
            thresholds: HealthThresholds()
        )
        return AlertService.judgement(age.map { (facts, $0) }, waitedSeconds: waited, now: now)
    }

    private static func codes(_ report: HealthReport) -> [HealthReasonCode] { report.reasons.map(\.code) }

    @Test
    func `figures that are not renewed are critical themselves, and nothing is taken to be over for that`() throws {
        let trouble: (inout HealthMeasurements) -> Void = { $0.databaseTrouble = .init(message: "refused") }
        let fresh = try #require(Self.judgement(trouble, age: 300))
        #expect(Self.codes(fresh).contains(.databaseUnreachable) && !Self.codes(fresh).contains(.stale))
        #expect(!fresh.unjudged.contains(.databaseUnreachable))
        let old = try #require(Self.judgement(trouble, age: 301))
        #expect(Self.codes(old).first == .stale && Self.codes(old).contains(.databaseUnreachable))
        #expect(old.unjudged == Set(HealthReasonCode.allCases).subtracting([.stale]))
        #expect(old.reasons.first?.message.hasPrefix("nothing was measured for 5 min 1 s; ") == true)
        #expect(Self.judgement(age: 301)?.level == .critical)
    }

    @Test
    func `so is a first measurement that does not come`() throws {
        #expect(Self.judgement(age: nil, waited: 300) == nil)
        let late = try #require(Self.judgement(age: nil, waited: 301))
        #expect(Self.codes(late) == [.stale] && late.unjudged.contains(.databaseUnreachable))
    }
}
