import FoundationEssentials
import Reception

/// What a request for figures asks: which of them, and of which site.
struct ReceptionRequest {
    /// Why a query makes no sense; the client is told.
    struct Invalid: Error {
        let detail: String
        let hint: String?

        init(_ detail: String, hint: String? = nil) {
            self.detail = detail
            self.hint = hint
        }
    }

    /// The site whose sales are meant; `nil` for everything.
    let site: UUID?
    /// The figures that are wanted, in order.
    let figures: [ReceptionFigure]

    /// Reads the query. Parameters with other names are nobody's business.
    ///
    /// - Parameters:
    ///   - query: What follows the `?`.
    ///   - rules: The rules in force, which say what figures there are.
    init(_ query: String?, rules: ReceptionRules) throws(Invalid) {
        let parameters: QueryParameters
        do {
            parameters = try QueryParameters(query)
        } catch {
            throw Invalid("the query is not properly encoded")
        }
        site = try Self.site(parameters["site_id"])
        figures = try Self.figures(parameters["fields"], rules)
        guard site != nil else { return }
        let possible = rules.figuresOfOneSite
        let others = figures.filter { !possible.contains($0) }
        guard others.isEmpty else {
            throw Invalid(
                "site_id can't filter \(others.map(\.rawValue).joined(separator: ", ")): tickets belong to no site",
                hint: "Ask for what has one: fields=\(possible.map(\.rawValue).joined(separator: ","))"
            )
        }
    }

    private static func site(_ values: [String]) throws(Invalid) -> UUID? {
        guard let value = values.first else { return nil }
        guard values.count == 1, value.utf8.count == 36, let site = UUID(uuidString: value) else {
            throw Invalid("site_id must be one UUID", hint: "Such as 123e4567-e89b-12d3-a456-426614174000.")
        }
        return site
    }

    private static func figures(_ values: [String], _ rules: ReceptionRules) throws(Invalid) -> [ReceptionFigure] {
        guard !values.isEmpty else { return rules.figures }
        let names = values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let wanted = Set(names.compactMap { ReceptionFigure(rawValue: $0) }.filter(rules.figures.contains))
        if let other = names.first(where: { name in !wanted.contains { $0.rawValue == name } }) {
            let there = rules.figures.map(\.rawValue).joined(separator: ", ")
            throw Invalid(
                "fields must name figures: there is no \"\(other.prefix(40))\" by the rules \(rules.rawValue)",
                hint: "There are \(there)."
            )
        }
        return rules.figures.filter(wanted.contains)
    }
}
