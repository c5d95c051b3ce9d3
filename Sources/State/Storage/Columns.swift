import FoundationEssentials
import GRDB

/// How values of ours lie in columns.
extension Date {
    /// Whole milliseconds since 1970.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

extension Row {
    func date(_ column: String) -> Date {
        Date(milliseconds: self[column])
    }

    func optionalDate(_ column: String) -> Date? {
        (self[column] as Int64?).map { Date(milliseconds: $0) }
    }

    func word<Value: RawRepresentable<String>>(_ column: String) throws -> Value {
        let text: String = self[column]
        guard let value = Value(rawValue: text) else { throw StateError.unreadable("the \(column) '\(text)'") }
        return value
    }

    func json(_ column: String) -> JSONText {
        JSONText(unchecked: self[column])
    }

    func optionalJSON(_ column: String) -> JSONText? {
        (self[column] as String?).map { JSONText(unchecked: $0) }
    }

    func list<Element: Decodable>(_ column: String) throws -> [Element] {
        do {
            return try json(column).decode([Element].self)
        } catch {
            throw StateError.unreadable("a list of \(column)")
        }
    }
}
