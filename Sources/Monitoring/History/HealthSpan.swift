package import FoundationEssentials
package import State

/// A stretch of time in which health stayed at a level.
package struct HealthSpan: Sendable, Hashable {
    /// When it begins.
    package var from: Date
    /// When it ends.
    package var to: Date
    /// The level; `nil` while nobody looked.
    package var level: HealthLevel?

    package init(from: Date, to: Date, level: HealthLevel?) {
        self.from = from
        self.to = to
        self.level = level
    }

    /// The stretches that a period consists of, in order and without holes.
    ///
    /// - Parameters:
    ///   - samples: Those of the period, in the order in which they were taken.
    ///   - start: When the period begins.
    ///   - end: When it ends.
    package static func spans(_ samples: [HistorySample], from start: Date, to end: Date) -> [HealthSpan] {
        var spans: [HealthSpan] = []
        func add(_ level: HealthLevel?, from: Date, to: Date) {
            guard to > from else { return }
            if spans.last?.level == level, !spans.isEmpty {
                spans[spans.count - 1].to = to
            } else {
                spans.append(HealthSpan(from: from, to: to, level: level))
            }
        }
        var known = start
        for (sample, seconds) in zip(samples, SampleSpan.seconds(samples, until: end)) {
            let time = max(sample.time, known)
            // Between two samples of a minute less than a second may be missing.
            add(time.timeIntervalSince(known) < 1 ? spans.last?.level : nil, from: known, to: time)
            known = min(max(known, sample.time + seconds), end)
            add(HealthLevel(rawValue: sample.health), from: time, to: known)
        }
        add(nil, from: known, to: end)
        return spans
    }
}
