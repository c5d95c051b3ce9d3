import PostgresClient

/// The statement that answers a question: one, so that all figures are of one snapshot.
///
/// It is a pure function of the question, of what the tables have, and of the snapshot's moment. Tables are named as the application names them, so that
/// the role's `search_path` finds them. Tickets and sales are chosen first, into arrays; their lines are then looked up by index,
/// sorted, or, where there is no such index, by one reading of the table. (With an array that the planner does not know and no
/// index, PostgreSQL would compare each line with each id.)
struct ReceptionQuery {
    /// One statement.
    let sql: String
    /// Its parameters.
    let parameters: [any PostgresEncodable]
    private let question: ReceptionQuestion
    private let schema: ReceptionSchema

    private let snapshot: ReceptionSnapshot

    /// - Parameter snapshot: What the transaction sees in which the statement will run.
    init(_ question: ReceptionQuestion, _ schema: ReceptionSchema, in snapshot: ReceptionSnapshot) {
        self.question = question
        self.schema = schema
        self.snapshot = snapshot
        let builder = Builder(question, schema, snapshot)
        sql = builder.statement()
        parameters = builder.times.parameters
    }

    /// Reads the statement's row.
    ///
    /// - Returns: The figures, and by what they are recognised later; `nil` when they can't be.
    /// - Throws: ``ReceptionError``: a site that does not exist, or a sum that is no number; ``PostgresError``.
    func figures(_ row: Row) throws -> (figures: ReceptionFigures, known: KnownFigures?) {
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
        let figures = ReceptionFigures(takenAt: snapshot.takenAt, rules: question.rules, values: values)
        // The statement's own word: should the tables' names have come to mean others since the snapshot was looked at, it says so.
        let known = try row.decode("state", as: String?.self).map { state in
            KnownFigures(
                figures: figures,
                schema: schema,
                state: state,
                since: snapshot.since,
                oldest: try row.decode("oldest")
            )
        }
        return (figures, known)
    }
}

/// Writes the statement, and gathers its parameters.
private struct Builder {
    private let question: ReceptionQuestion
    private let schema: ReceptionSchema
    private(set) var times: QuestionTimes
    private var site: String?

    init(_ question: ReceptionQuestion, _ schema: ReceptionSchema, _ snapshot: ReceptionSnapshot) {
        self.question = question
        self.schema = schema
        times = QuestionTimes(question, moment: snapshot.moment)
        if let id = question.site { site = times.parameter(id, "uuid") }
    }

    func statement() -> String {
        var named = [sold]
        var columns = ["\(ReceptionSnapshot.state(question, times)) AS state", "\(oldest) AS oldest"]
        var sources = ["sold", items]
        if let site { columns.append("EXISTS (SELECT FROM sites WHERE id = \(site)) AS site_exists") }
        if site == nil {
            named += [tickets("open_tickets", "t.status = 'opened'")]
            named += [
                tickets(
                    "closed_tickets",
                    "t.status = 'closed' AND t.closed_at >= \(times.since)",
                    oldest: "t.closed_at"
                )
            ]
            sources += ["open_tickets", "closed_tickets", lines]
        }
        columns += question.figures.map { "\(expression(of: $0)) AS \($0.rawValue)" }
        return """
            WITH \(named.joined(separator: ",\n"))
            SELECT \(columns.joined(separator: ",\n       "))
            FROM \(sources.joined(separator: ",\n"))
            """
    }

    /// The oldest time that counts, and so the first to leave the last 24 hours.
    private var oldest: String {
        ReceptionSnapshot.microseconds(site == nil ? "least(sold.oldest, closed_tickets.oldest)" : "sold.oldest")
    }

    // MARK: - Parts

    private func expression(of figure: ReceptionFigure) -> String {
        switch figure {
        case .ticketsOpen: "cardinality(open_tickets.ids)"
        case .ticketsClosed: "cardinality(closed_tickets.ids)"
        case .itemsReceived: "lines.received"
        case .turnover: "round(sold.turnover, 2)"
        case .donations: "round(sold.donations, 2)"
        case .weightIn: "round(lines.entered, 3)"
        case .weightOut:
            question.rules.knowsExits
                ? "round(items.weight + lines.left, 3)" : "round(items.weight, 3)"
        }
    }

    private func tickets(_ name: String, _ condition: String, oldest: String? = nil) -> String {
        let post = times.dayStart.map { " JOIN poste_reception p ON p.id = t.poste_id AND p.opened_at >= \($0)" } ?? ""
        let minimum = oldest.map { ", min(\($0)) AS oldest" } ?? ""
        return """
            \(name) AS MATERIALIZED (
                SELECT coalesce(array_agg(t.id), '{}') AS ids\(minimum) FROM ticket_depot t\(post) WHERE \(condition)
            )
            """
    }

    /// The lines of the tickets, read once where there is no index. (The application's weights are `numeric`; the cast is for others'.)
    private var lines: String {
        let isExit = question.rules.knowsExits && schema.hasExits
        let entered =
            isExit ? "sum(l.poids_kg::numeric) FILTER (WHERE l.is_exit IS NOT TRUE)" : "sum(l.poids_kg::numeric)"
        let left = isExit ? "sum(l.poids_kg::numeric) FILTER (WHERE l.is_exit)" : "NULL::numeric"
        func sums(_ count: String, _ rows: String) -> String {
            "SELECT \(count) AS received, coalesce(\(entered), 0) AS entered, coalesce(\(left), 0) AS left FROM ligne_depot l\(rows)"
        }
        if !schema.findsLinesByTicket {
            return """
                (\(sums("count(*) FILTER (WHERE chosen.is_closed)", """
                     JOIN (SELECT unnest(ids) AS id, false AS is_closed FROM open_tickets
                          UNION ALL SELECT unnest(ids), true FROM closed_tickets) AS chosen ON chosen.id = l.ticket_id
                    """))) AS lines
                """
        }
        return """
            (SELECT sum(received) AS received, sum(entered) AS entered, sum("left") AS left FROM (
                \(sums("0", looked("l.ticket_id", "open_tickets")))
                UNION ALL \(sums("count(*)", looked("l.ticket_id", "closed_tickets")))) AS states) AS lines
            """
    }

    /// Finds by index the rows whose column is among the ids that were chosen.
    private func looked(_ column: String, _ name: String) -> String {
        " WHERE \(column) = ANY ((SELECT ids FROM \(name))::uuid[])"
    }

    private var sold: String {
        var conditions: [String] = []
        if let dayStart = times.dayStart { conditions.append("k.opened_at >= \(dayStart)") }
        if let site { conditions.append("k.site_id = \(site)") }
        let session =
            conditions.isEmpty
            ? "" : " JOIN cash_sessions k ON k.id = s.cash_session_id AND \(conditions.joined(separator: " AND "))"
        return """
            sold AS MATERIALIZED (
                SELECT coalesce(array_agg(s.id), '{}') AS ids, min(s.created_at) AS oldest,
                       \(exactSum("s.total_amount", decimals: 2)) AS turnover,
                       \(exactSum("s.donation", decimals: 2)) AS donations
                FROM sales s\(session) WHERE s.created_at >= \(times.since)
            )
            """
    }

    private var items: String {
        let rows =
            schema.findsItemsBySale
            ? looked("i.sale_id", "sold")
            : " JOIN unnest((SELECT ids FROM sold)) AS chosen (id) ON chosen.id = i.sale_id"
        return "(SELECT \(exactSum("i.weight", decimals: 3)) AS weight FROM sale_items i\(rows)) AS items"
    }

    /// The exact sum of a column of `double precision` that holds decimal numbers.
    ///
    /// Its value as `numeric` is the number that was meant, but making one costs a microsecond. A value that is the double nearest
    /// to a number of so many decimals is counted in its smallest unit instead, which is exact as well; below 10¹² no two such
    /// numbers have one double.
    private func exactSum(_ column: String, decimals: Int) -> String {
        let (scale, unit) = decimals == 2 ? ("100", "0.01") : ("1000", "0.001")
        // In this order: what is too large must not be multiplied.
        let fits = "abs(\(column)) < 1e12 AND round(\(column) * \(scale)) / \(scale) = \(column)"
        // Multiplied, for a quotient may be cut off.
        return "coalesce(sum(CASE WHEN \(fits) THEN (\(column) * \(scale))::bigint END), 0) * \(unit)"
            + " + coalesce(sum(CASE WHEN \(fits) THEN NULL ELSE \(column)::numeric END), 0)"
    }
}
