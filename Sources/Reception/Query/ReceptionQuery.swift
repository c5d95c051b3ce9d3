import PostgresClient

/// The statement that answers a question: one, so that all figures are of one snapshot.
///
/// It is a pure function of the question and of what the tables have. Tables are named as the application names them, so that
/// the role's `search_path` finds them. Tickets and sales are chosen first, into arrays; their lines are then looked up by
/// index, sorted, or, where there is no such index, by one reading of the table. (With an array that the planner does not know
/// and no index, PostgreSQL would compare each line with each id.)
struct ReceptionQuery {
    /// One statement.
    let sql: String
    /// Its parameters.
    let parameters: [any PostgresEncodable]
    private let question: ReceptionQuestion

    init(_ question: ReceptionQuestion, _ schema: ReceptionSchema) {
        self.question = question
        var builder = Builder(question, schema)
        sql = builder.statement()
        parameters = builder.parameters
    }

    /// Reads the statement's row.
    ///
    /// - Throws: ``ReceptionError``: a site that does not exist, or a sum that is no number; ``PostgresError``.
    func figures(_ row: Row) throws -> ReceptionFigures {
        if let site = question.site, try !row.decode("site_exists", as: Bool.self) {
            throw ReceptionError.unknownSite(site)
        }
        let values = try question.figures.map { figure in
            let text = try row.decode(figure.rawValue, as: String.self)
            guard let number = FixedPoint(postgresText: text, decimals: figure.decimals) else {
                throw ReceptionError.notANumber(figure, text)
            }
            return ReceptionFigures.Value(figure, number)
        }
        return ReceptionFigures(takenAt: try row.decode("taken_at"), rules: question.rules, values: values)
    }
}

/// Writes the statement, and gathers its parameters.
private struct Builder {
    private let question: ReceptionQuestion
    private let schema: ReceptionSchema
    private(set) var parameters: [any PostgresEncodable] = []
    private var moment = "now()"
    private var site: String?
    private var dayStart = ""

    init(_ question: ReceptionQuestion, _ schema: ReceptionSchema) {
        self.question = question
        self.schema = schema
        if let time = question.moment { moment = parameter(time, "timestamptz") }
        if let id = question.site { site = parameter(id, "uuid") }
        if question.rules.needsOpeningToday { dayStart = beginning(parameter(question.timeZone, "text")) }
    }

    private mutating func parameter(_ value: any PostgresEncodable, _ type: String) -> String {
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

    private var since: String { "\(moment) - interval '24 hours'" }

    mutating func statement() -> String {
        var named = [sold]
        var columns = ["\(moment) AS taken_at"]
        var sources = ["sold", items]
        if let site { columns.append("EXISTS (SELECT FROM sites WHERE id = \(site)) AS site_exists") }
        if site == nil {
            named += [tickets("open_tickets", "t.status = 'opened'")]
            named += [tickets("closed_tickets", "t.status = 'closed' AND t.closed_at >= \(since)")]
            sources += ["open_tickets", "closed_tickets", lines("open"), lines("closed")]
        }
        columns += question.figures.map { "\(expression(of: $0)) AS \($0.rawValue)" }
        return """
            WITH \(named.joined(separator: ",\n"))
            SELECT \(columns.joined(separator: ",\n       "))
            FROM \(sources.joined(separator: ",\n"))
            """
    }

    // MARK: - Parts

    private func expression(of figure: ReceptionFigure) -> String {
        switch figure {
        case .ticketsOpen: "cardinality(open_tickets.ids)"
        case .ticketsClosed: "cardinality(closed_tickets.ids)"
        case .itemsReceived: "closed_lines.count"
        case .turnover: "round(sold.turnover, 2)"
        case .donations: "round(sold.donations, 2)"
        case .weightIn: "round(open_lines.entered + closed_lines.entered, 3)"
        case .weightOut:
            question.rules.knowsExits
                ? "round(items.weight + open_lines.left + closed_lines.left, 3)" : "round(items.weight, 3)"
        }
    }

    private func tickets(_ name: String, _ condition: String) -> String {
        let post =
            question.rules.needsOpeningToday
            ? " JOIN poste_reception p ON p.id = t.poste_id AND p.opened_at >= \(dayStart)" : ""
        return """
            \(name) AS MATERIALIZED (
                SELECT ARRAY(SELECT t.id FROM ticket_depot t\(post) WHERE \(condition)) AS ids
            )
            """
    }

    private func lines(_ state: String) -> String {
        let isExit = question.rules.knowsExits && schema.hasExits
        let entered = isExit ? "sum(l.poids_kg) FILTER (WHERE l.is_exit IS NOT TRUE)" : "sum(l.poids_kg)"
        let left = isExit ? "sum(l.poids_kg) FILTER (WHERE l.is_exit)" : "NULL::numeric"
        return """
            (SELECT count(*), coalesce(\(entered), 0) AS entered, coalesce(\(left), 0) AS left
             FROM ligne_depot l\(chosen("l.ticket_id", from: "\(state)_tickets", schema.findsLinesByTicket))) AS \(state)_lines
            """
    }

    private var sold: String {
        var conditions: [String] = []
        if question.rules.needsOpeningToday { conditions.append("k.opened_at >= \(dayStart)") }
        if let site { conditions.append("k.site_id = \(site)") }
        let session =
            conditions.isEmpty
            ? "" : " JOIN cash_sessions k ON k.id = s.cash_session_id AND \(conditions.joined(separator: " AND "))"
        return """
            sold AS MATERIALIZED (
                SELECT coalesce(array_agg(s.id), '{}') AS ids,
                       \(exactSum("s.total_amount", decimals: 2)) AS turnover,
                       \(exactSum("s.donation", decimals: 2)) AS donations
                FROM sales s\(session) WHERE s.created_at >= \(since)
            )
            """
    }

    private var items: String {
        """
        (SELECT \(exactSum("i.weight", decimals: 3)) AS weight
         FROM sale_items i\(chosen("i.sale_id", from: "sold", schema.findsItemsBySale))) AS items
        """
    }

    /// Keeps the rows whose column is among the ids that were chosen.
    private func chosen(_ column: String, from name: String, _ byIndex: Bool) -> String {
        let ids = "(SELECT ids FROM \(name))"
        return byIndex
            ? " WHERE \(column) = ANY (\(ids)::uuid[])" : " JOIN unnest(\(ids)) AS chosen (id) ON chosen.id = \(column)"
    }

    /// The exact sum of a column of `double precision` that holds decimal numbers.
    ///
    /// Its value as `numeric` is the number that was meant, but making one costs a microsecond. A value that is the double nearest
    /// to a number of so many decimals is counted in its smallest unit instead, which is exact as well; below 10¹² no two such
    /// numbers have one double.
    private func exactSum(_ column: String, decimals: Int) -> String {
        let (scale, unit) = decimals == 2 ? ("100", "0.01") : ("1000", "0.001")
        let fits = "round(\(column) * \(scale)) / \(scale) = \(column) AND abs(\(column)) < 1e12"
        // Multiplied, for a quotient may be cut off.
        return "coalesce(sum(CASE WHEN \(fits) THEN (\(column) * \(scale))::bigint END), 0) * \(unit)"
            + " + coalesce(sum(CASE WHEN \(fits) THEN NULL ELSE \(column)::numeric END), 0)"
    }
}
