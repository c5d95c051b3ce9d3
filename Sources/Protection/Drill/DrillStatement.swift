/// One of the operator's own checks: an SQL statement that must succeed on the restored server, and whose first value,
/// if it is a boolean, must not be false.
package struct DrillStatement: Sendable, Hashable {
    /// The database that it runs in; `nil` is the largest.
    package let database: String?
    /// The statement.
    package let sql: String

    package init(database: String? = nil, sql: String) {
        self.database = database
        self.sql = sql
    }

    /// Reads the file that `DRILL_CHECKS` names: statements that each end in `;` at a line's end, with lines that begin
    /// with `--` as comments. The comment `-- database: NAME` chooses the database of what follows.
    package static func parse(_ text: String) -> [DrillStatement] {
        var statements: [DrillStatement] = []
        var database: String?
        var lines: [Substring] = []
        func finish() {
            let sql = lines.joined(separator: "\n")
            lines = []
            if sql.contains(where: { !$0.isWhitespace && $0 != ";" }) {
                statements.append(DrillStatement(database: database, sql: sql))
            }
        }
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.trimmingSpaces
            if content.hasPrefix("--") {
                let comment = content.dropFirst(2).trimmingSpaces
                guard comment.lowercased().hasPrefix("database:") else { continue }
                finish()
                let name = comment.dropFirst("database:".count).trimmingSpaces
                database = name.isEmpty ? nil : String(name)
            } else {
                lines.append(line)
                if content.hasSuffix(";") { finish() }
            }
        }
        finish()
        return statements
    }
}

extension Substring {
    /// Without white space at both ends.
    fileprivate var trimmingSpaces: Substring {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
