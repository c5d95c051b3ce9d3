import FoundationEssentials
import Monitoring
import Testing

@Suite("Exposure by backups alone")
struct ExposureTests {
    private let now = Date(timeIntervalSince1970: 1_795_000_000)

    @Test("without a copy everything would be lost")
    func nothing() {
        let exposure = Exposure.sinceLastBackup(localPoint: nil, offsitePoint: nil, now: now)
        #expect(exposure.databaseDamaged == .everything && exposure.machineLost == .everything)
        #expect(exposure.databaseDamaged.text == "everything")
        #expect(exposure.basis.text == "since the last backup")
    }

    @Test("with a copy it is the time since, and a point in the future is no measure")
    func amounts() {
        let exposure = Exposure.sinceLastBackup(localPoint: now - 11_520, offsitePoint: now + 1, now: now)
        #expect(exposure.databaseDamaged == .seconds(11_520))
        #expect(exposure.databaseDamaged.text == "3 h 12 min")
        #expect(exposure.machineLost == .unknown(atMostSeconds: nil))
        #expect(ExposureAmount.unknown(atMostSeconds: 60).text == "unknown, at most 1 min")
    }
}
