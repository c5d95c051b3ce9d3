/// A metric with its samples, as scrapers know it.
package struct MetricFamily: Sendable, Hashable {
    /// What the values do over time.
    package enum Kind: String, Sendable, Hashable {
        /// Only rises, from 0 at the start of the process.
        case counter
        /// Goes up and down.
        case gauge
    }

    /// One value.
    package struct Sample: Sendable, Hashable {
        /// Names and values of its labels, in the order in which they are shown.
        package var labels: [Label]
        /// The value; infinity is one.
        package var value: Double

        package init(_ value: Double, _ labels: [Label] = []) {
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
}
