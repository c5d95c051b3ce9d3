import FoundationEssentials
import Reception

/// The JSON bodies of the answers. Numbers are written as they are: a double would make 12.299999 of 12.3.
enum ReceptionJSON {
    /// The figures under the application's names, in its order, and nothing else.
    static func body(_ figures: ReceptionFigures, only wanted: [ReceptionFigure]) -> String {
        let members = wanted.compactMap { figure in figures[figure].map { "\"\(figure.rawValue)\": \($0)" } }
        return "{\(members.joined(separator: ", "))}\n"
    }

    /// An error as the application writes it, `{"detail": …}`, with a code for programs and a hint for the operator.
    static func error(_ detail: String, code: String, hint: String? = nil) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = ["code": code, "detail": detail].merging(hint.map { ["hint": $0] } ?? [:]) { $1 }
        // Strings alone: there is nothing that JSON has no form for.
        return ((try? encoder.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "{}") + "\n"
    }
}
