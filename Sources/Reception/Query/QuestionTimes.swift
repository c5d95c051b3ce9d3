import PostgresClient

/// The moments that a question speaks of, as SQL expressions, and the parameters that these and what is added need.
struct QuestionTimes {
    /// The parameters so far.
    private(set) var parameters: [any PostgresEncodable] = []
    /// The moment that the figures are of.
    private(set) var moment: String
    /// When the day began; `nil` where the rules don't ask for it.
    private(set) var dayStart: String?

    /// - Parameter moment: The moment that the figures are of, as the server prints times; `nil` for that which the question
    ///   names, or else that of the statement. (That of the transaction may be long ago, when tables were locked.)
    init(_ question: ReceptionQuestion, moment: String? = nil) {
        self.moment = "statement_timestamp()"
        if let moment {
            self.moment = parameter(moment, "timestamptz")
        } else if let time = question.moment {
            self.moment = parameter(time, "timestamptz")
        }
        if question.rules.needsOpeningToday { dayStart = beginning(parameter(question.timeZone, "text")) }
    }

    /// When the last 24 hours began.
    var since: String { "\(moment) - interval '24 hours'" }

    /// Adds a parameter.
    ///
    /// - Returns: The expression that stands for it.
    mutating func parameter(_ value: any PostgresEncodable, _ type: String) -> String {
        parameters.append(value)
        return "$\(parameters.count)::\(type)"
    }

    /// When the day began. Where clocks go back over midnight it comes twice, and `date_trunc` takes the second.
    private func beginning(_ zone: String) -> String {
        let midnight = "date_trunc('day', \(moment), \(zone))"
        let earlier = "\(midnight) - interval '1 hour'"
        return "CASE WHEN ((\(earlier)) AT TIME ZONE \(zone))::date = (\(moment) AT TIME ZONE \(zone))::date"
            + " THEN \(earlier) ELSE \(midnight) END"
    }
}
