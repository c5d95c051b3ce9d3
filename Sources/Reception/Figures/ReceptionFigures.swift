package import FoundationEssentials

/// The figures of one moment, all of one snapshot of the database.
package struct ReceptionFigures: Sendable, Hashable {
    /// When the snapshot was taken, by the server's clock.
    package var takenAt: Date
    /// The rules that they follow.
    package var rules: ReceptionRules
    /// The figures, in the order of ``ReceptionFigure``; each that was asked for.
    package var values: [Value]

    /// A figure and its value.
    package struct Value: Sendable, Hashable {
        package var figure: ReceptionFigure
        package var number: FixedPoint

        package init(_ figure: ReceptionFigure, _ number: FixedPoint) {
            self.figure = figure
            self.number = number
        }
    }

    package init(takenAt: Date, rules: ReceptionRules, values: [Value]) {
        self.takenAt = takenAt
        self.rules = rules
        self.values = values
    }

    /// A figure's value; `nil` when it is not among them.
    package subscript(_ figure: ReceptionFigure) -> FixedPoint? {
        values.first { $0.figure == figure }?.number
    }

    /// Nothing of everything, as the application answers when the statistics are switched off.
    package static func zero(_ question: ReceptionQuestion, at time: Date) -> ReceptionFigures {
        ReceptionFigures(
            takenAt: time,
            rules: question.rules,
            values: question.figures.map { Value($0, FixedPoint(units: 0, decimals: $0.decimals)) }
        )
    }
}
