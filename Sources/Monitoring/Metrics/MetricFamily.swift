/// A metric with its samples, as scrapers know it.
package struct MetricFamily: Sendable, Hashable {
    /// What the values do over time.
    package enum Kind: String, Sendable, Hashable {
        /// Only rises, from 0 at the start of the process.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts in buckets, made by ``MetricFamily/histogram(_:_:buckets:count:sum:)``.
        case histogram
    }

    /// One value.
    package struct Sample: Sendable, Hashable {
        /// What follows the family's name: `_bucket`, `_sum` or `_count` in a histogram, else nothing.
        package var suffix: String
        /// Names and values of its labels, in the order in which they are shown.
        package var labels: [Label]
        /// The value; infinity is one.
        package var value: Double

        package init(_ value: Double, _ labels: [Label] = [], suffix: String = "") {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    /// A label of a sample.
    package struct Label: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Its name: in base units, which the name ends in.
    package var name: String
    package var kind: Kind
    /// What it is, in one sentence.
    package var help: String
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A histogram without labels.
    ///
    /// - Parameters:
    ///   - name: Its name, in base units.
    ///   - help: What it is, in one sentence.
    ///   - buckets: The upper bounds, rising, each with how many values are not above it.
    ///   - count: How many values there are.
    ///   - sum: Their sum.
    package static func histogram(
        _ name: String,
        _ help: String,
        buckets: [(bound: Double, count: Int)],
        count: Int,
        sum: Double
    ) -> MetricFamily {
        let bounds = buckets + [(bound: .infinity, count: count)]
        let samples = bounds.map {
            Sample(Double($0.count), [Label("le", PrometheusText.number($0.bound))], suffix: "_bucket")
        }
        let totals = [Sample(sum, suffix: "_sum"), Sample(Double(count), suffix: "_count")]
        return MetricFamily(name, .histogram, help, samples + totals)
    }
}
