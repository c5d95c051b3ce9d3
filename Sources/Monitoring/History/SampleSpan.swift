package import FoundationEssentials
package import State

/// How long each sample of the history stands for: until the next one, but not for a time in which nobody looked.
///
/// The history is dense where a sample was kept each minute and sparse where only the first of each hour is left. In a dense
/// stretch a gap of more than five minutes means that nobody looked, in a sparse one a gap of more than 65.
package enum SampleSpan {
    static let denseGapSeconds = 300.0
    static let sparseGapSeconds = 3900.0

    /// Seconds for each sample.
    ///
    /// - Parameters:
    ///   - samples: In the order in which they were taken.
    ///   - end: When the stretch ends that is looked at; the last sample stands for no longer.
    package static func seconds(_ samples: [HistorySample], until end: Date) -> [Double] {
        samples.indices.map { index in
            let time = samples[index].time
            let next = index + 1 < samples.count ? samples[index + 1].time : end
            let gap = max(0, next.timeIntervalSince(time))
            let neighbour = index > 0 ? samples[index - 1].time : next
            let isDense = abs(time.timeIntervalSince(neighbour)) <= denseGapSeconds
            return min(gap, isDense || samples.count == 1 ? denseGapSeconds : sparseGapSeconds)
        }
    }
}
