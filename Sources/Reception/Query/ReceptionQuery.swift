import PostgresClient

/// The statement that answers a question: one, so that all figures are of one snapshot.
///
/// It is a pure function of the question, of what the tables have and of what is known. Tables are named as the application
/// names them, so that the role's `search_path` finds them. Tickets and sales are chosen first, into arrays; their lines are then
/// looked up by index, sorted, or, where there is no such index, by one reading of the table. (With an array that the planner
/// does not know and no index, PostgreSQL would compare each line with each id.) Nothing is looked up that is known already.
struct ReceptionQuery {
    /// One statement.
    let sql: String
    /// Its parameters.
    let parameters: [any PostgresEncodable]
    private let question: ReceptionQuestion
    private let schema: ReceptionSchema
    private let known: KnownFigures?

    init(_ question: ReceptionQuestion, _ schema: ReceptionSchema, known: KnownFigures? = nil) {
        self.question = question
        self.schema = schema
        let known = known?.schema == schema && schema.isPlain(question.tables) ? known : nil
        self.known = known
        var builder = Builder(question, schema, known)
        sql = builder.statement()
        parameters = builder.parameters
    }

    /// Reads the statement's row.
    ///
    /// - Returns: The figures, and by what they are recognised later; `nil` when the server can't say.
    /// - Throws: ``ReceptionError``: a site that does not exist, or a sum that is no number; ``PostgresError``.
    func figures(_ row: Row) throws -> (figures: ReceptionFigures, known: KnownFigures?) {
        if let site = question.site, try !row.decode("site_exists", as: Bool.self) {
            throw ReceptionError.unknownSite(site)
        }
        if var known, try row.decode("is_known", as: Bool.self) {
            known.figures.takenAt = try row.decode("taken_at")
            return (known.figures, known)
        }
        let values = try question.figures.map { figure in
            let text = try row.decode(figure.rawValue, as: String.self)
            guard let number = FixedPoint(postgresText: text, decimals: figure.decimals) else {
                throw ReceptionError.notANumber(figure, text)
            }
            return ReceptionFigures.Value(figure, number)
        }
        let figures = ReceptionFigures(takenAt: try row.decode("taken_at"), rules: question.rules, values: values)
        let known = try row.decode("state", as: String?.self).map { state in
            KnownFigures(
                state: state,
                schema: schema,
                sales: try row.decode("sales"),
                closedTickets: try row.decode("closed"),
                figures: figures
            )
        }
        return (figures, known)
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
    private let known: KnownFigures?

    init(_ question: ReceptionQuestion, _ schema: ReceptionSchema, _ known: KnownFigures?) {
        self.question = question
        self.schema = schema
        self.known = known
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
        var columns = ["\(moment) AS taken_at", "comparison.state", "comparison.sales", "comparison.closed"]
        var sources = ["sold", "comparison", items]
        if let site { columns.append("EXISTS (SELECT FROM sites WHERE id = \(site)) AS site_exists") }
        if site == nil {
            named += [tickets("open_tickets", "t.status = 'opened'")]
            named += [tickets("closed_tickets", "t.status = 'closed' AND t.closed_at >= \(since)")]
            sources += ["open_tickets", "closed_tickets", lines]
        }
        named += comparison()
        columns += ["comparison.is_known"]
        columns += question.figures.map { "\(expression(of: $0)) AS \($0.rawValue)" }
        return """
            WITH \(named.joined(separator: ",\n"))
            SELECT \(columns.joined(separator: ",\n       "))
            FROM \(sources.joined(separator: ",\n"))
            """
    }

    /// Says of what state the tables are, and whether that is the state of the figures that are known.
    ///
    /// Two snapshots that see the same transactions see the same rows, and a server's snapshot is told by its transactions. (On a
    /// standby it isn't: the list lacks those that run.) After a crash numbers of transactions may be used again, but not by the same
    /// process. Of the same rows, which tickets and sales are of the last 24 hours
    /// depends on the moment alone: the later, the fewer. So as many are the same ones.
    private mutating func comparison() -> [String] {
        let closed = site == nil ? "(SELECT cardinality(ids) FROM closed_tickets)" : "0"
        let day = dayStart.isEmpty ? "" : ", \(dayStart)"
        let state = parameter(known?.state, "text")
        let sales = parameter(known?.sales ?? 0, "int")
        let closedTickets = parameter(known?.closedTickets ?? 0, "int")
        return [
            """
            now_seen AS MATERIALIZED (
                SELECT CASE WHEN NOT pg_is_in_recovery()
                       THEN concat_ws(' ', txid_current_snapshot(), pg_backend_pid(), pg_postmaster_start_time(),
                                      current_schemas(false)\(day)) END AS state,
                       (SELECT cardinality(ids) FROM sold) AS sales, \(closed) AS closed
            )
            """,
            """
            comparison AS MATERIALIZED (
                SELECT state, sales, closed,
                       coalesce(state = \(state) AND sales = \(sales) AND closed = \(closedTickets), false) AS is_known
                FROM now_seen
            )
            """,
        ]
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

    /// The lines of the tickets, read once where there is no index.
    private var lines: String {
        let isExit = question.rules.knowsExits && schema.hasExits
        let entered = isExit ? "sum(l.poids_kg) FILTER (WHERE l.is_exit IS NOT TRUE)" : "sum(l.poids_kg)"
        let left = isExit ? "sum(l.poids_kg) FILTER (WHERE l.is_exit)" : "NULL::numeric"
        func sums(_ count: String, _ rows: String) -> String {
            "SELECT \(count) AS received, coalesce(\(entered), 0) AS entered, coalesce(\(left), 0) AS left FROM ligne_depot l\(rows)"
        }
        if !schema.findsLinesByTicket {
            return """
                (\(sums("count(*) FILTER (WHERE chosen.is_closed)", """
                     JOIN (SELECT unnest(ids) AS id, false AS is_closed FROM open_tickets
                          UNION ALL SELECT unnest(ids), true FROM closed_tickets) AS chosen ON chosen.id = l.ticket_id
                    WHERE \(isWanted)
                    """))) AS lines
                """
        }
        return """
            (SELECT sum(received) AS received, sum(entered) AS entered, sum("left") AS left FROM (
                \(sums("0", looked("l.ticket_id", "open_tickets")))
                UNION ALL \(sums("count(*)", looked("l.ticket_id", "closed_tickets")))) AS states) AS lines
            """
    }

    /// Whether anything has to be looked up: the server finds that out once, before it reads a table.
    private var isWanted: String { "NOT (SELECT is_known FROM comparison)" }

    /// Finds by index the rows whose column is among the ids that were chosen.
    private func looked(_ column: String, _ name: String) -> String {
        " WHERE \(isWanted) AND \(column) = ANY ((SELECT ids FROM \(name))::uuid[])"
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
        let rows =
            schema.findsItemsBySale
            ? looked("i.sale_id", "sold")
            : " JOIN unnest((SELECT ids FROM sold)) AS chosen (id) ON chosen.id = i.sale_id WHERE \(isWanted)"
        return "(SELECT \(exactSum("i.weight", decimals: 3)) AS weight FROM sale_items i\(rows)) AS items"
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
