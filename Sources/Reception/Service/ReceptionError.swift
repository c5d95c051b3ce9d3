import Blocking
package import FoundationEssentials

/// Why there are no figures.
package enum ReceptionError: OperatorError, Hashable {
    /// The database has not all of the application's tables, and the setting says that it should.
    case tablesMissing([ReceptionTable])
    /// Tables are there, but of a version that is not known.
    case columnsMissing([SchemaReport.Column])
    /// The role may not use the schemas that tables are in.
    case schemaNotPermitted([String], role: String)
    /// The role may not read the tables.
    case notPermitted([ReceptionTable], role: String)
    /// Row-level security hides rows of tables from the role.
    case rowSecurity([ReceptionTable], role: String)
    /// Nobody asked for the statistics, and this is not a database of the application.
    case notHere
    /// No figures within so many seconds.
    case tooSlow(seconds: Int64)
    /// A table was locked for so many seconds by somebody who changes it.
    case locked(seconds: Int64)
    /// Not even an answer about a user or the tables within so many seconds.
    case noAnswer(seconds: Int64)
    /// Too many wait for an answer already.
    case tooMany
    /// There is no such site.
    case unknownSite(UUID)
    /// A sum is not a number, since one of the values is none, or too large to be one.
    case notANumber(ReceptionFigure, String)
    /// The daemon stops.
    case stopping

    package var code: String {
        switch self {
        case .tablesMissing: "receptionTablesMissing"
        case .columnsMissing: "receptionColumnsMissing"
        case .schemaNotPermitted, .notPermitted: "receptionNotPermitted"
        case .rowSecurity: "receptionRowSecurity"
        case .notHere: "receptionNotHere"
        case .tooSlow: "receptionTooSlow"
        case .locked: "receptionLocked"
        case .noAnswer: "receptionNoAnswer"
        case .tooMany: "receptionTooMany"
        case .unknownSite: "unknownSite"
        case .notANumber: "receptionNotANumber"
        case .stopping: "stopping"
        }
    }

    /// Whether it says what of the tables is in the way, and how that is mended.
    package var isObstacle: Bool {
        switch self {
        case .tablesMissing, .columnsMissing, .schemaNotPermitted, .notPermitted, .rowSecurity: true
        default: false
        }
    }

    package var message: String {
        switch self {
        case .tablesMissing(let tables):
            "the database has no \(tables.count == 1 ? "table" : "tables") \(Self.list(tables.map(\.rawValue))) that the role can see"
        case .columnsMissing(let columns):
            "the database has no \(columns.count == 1 ? "column" : "columns") "
                + Self.list(columns.map { "\($0.table.rawValue).\($0.name)" })
        case .schemaNotPermitted(let schemas, let role):
            "the role \"\(role)\" may not use the \(schemas.count == 1 ? "schema" : "schemas") \(Self.list(schemas)) of the application's tables"
        case .notPermitted(let tables, let role):
            "the role \"\(role)\" may not read \(Self.list(tables.map(\.rawValue)))"
        case .rowSecurity(let tables, let role):
            "row-level security hides rows of \(Self.list(tables.map(\.rawValue))) from the role \"\(role)\""
        case .notHere: "live reception statistics are off: this is not a database of the Recyclic application"
        case .tooSlow(let seconds): "the database gave no figures within \(seconds) s"
        case .locked(let seconds): "another session has kept one of the statistics' tables locked for \(seconds) s"
        case .noAnswer(let seconds): "the database did not answer within \(seconds) s"
        case .tooMany: "too many requests wait for the database"
        case .unknownSite(let site): "there is no site \"\(site.uuidString.lowercased())\""
        case .notANumber(let figure, let text):
            "\"\(figure.rawValue)\" comes to \"\(text.prefix(24))\(text.count > 24 ? "…" : "")\", which is no sensible number"
        case .stopping: "the daemon stops"
        }
    }

    package var hint: String? {
        switch self {
        case .tablesMissing:
            "Is POSTGRES_DB the application's database? LIVE_RECEPTION_STATS_ENABLED=false switches the statistics off."
        case .columnsMissing: "The application is of a version that recyclicd does not know."
        case .schemaNotPermitted(let schemas, let role):
            schemas.map { "GRANT USAGE ON SCHEMA \(Self.identifier($0)) TO \(Self.identifier(role));" }.joined(
                separator: " "
            )
        case .notPermitted(let tables, let role):
            tables.map { $0.grant(to: Self.identifier(role)) }.joined(separator: " ")
        case .rowSecurity(_, let role): "ALTER ROLE \(Self.identifier(role)) BYPASSRLS;"
        case .notHere: "LIVE_RECEPTION_STATS_ENABLED=true says what is missing."
        case .tooSlow: "The indexes that \"recyclicctl stats indexes\" prints may help."
        case .locked: "An upgrade of the application does that; \"SELECT * FROM pg_stat_activity\" shows who."
        case .noAnswer: "Look for locks in pg_stat_activity, and whether the server can be reached."
        case .tooMany: nil
        case .unknownSite: nil
        case .notANumber: "Look for NaN, Infinity and very large numbers in sales, sale_items and ligne_depot."
        case .stopping: nil
        }
    }

    static func tooSlow(after time: Duration) -> ReceptionError { .tooSlow(seconds: time.components.seconds) }

    static func noAnswer(after time: Duration) -> ReceptionError { .noAnswer(seconds: time.components.seconds) }

    private static func identifier(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    private static func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
}
