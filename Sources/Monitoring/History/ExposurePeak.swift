package import FoundationEssentials
package import State

/// The most that would have been lost at any moment of a period.
package struct ExposurePeak: Sendable, Hashable {
    /// When.
    package var time: Date
    /// How much.
    package var amount: ExposureAmount

    package init(time: Date, amount: ExposureAmount) {
        self.time = time
        self.amount = amount
    }

    /// The peak of some samples, the first where it was reached more than once; `nil` when nothing is known.
    package static func peak(of samples: [HistorySample]) -> ExposurePeak? {
        var peak: (time: Date, seconds: Double)?
        for sample in samples {
            guard let seconds = sample.exposureSeconds, seconds > peak?.seconds ?? -1 else { continue }
            peak = (sample.time, seconds)
        }
        return peak.map {
            ExposurePeak(time: $0.time, amount: $0.seconds.isFinite ? .seconds($0.seconds) : .everything)
        }
    }
}
