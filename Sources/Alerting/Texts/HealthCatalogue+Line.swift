import Monitoring

extension HealthCatalogue {
    /// What is said of a problem, each part on one line. What others said in it may have several lines, which in a message would
    /// end the paragraph or pass for a command.
    func lines(_ fact: HealthFact) -> HealthText {
        let text = text(fact)
        return HealthText(what: Self.line(text.what), meaning: Self.line(text.meaning), next: Self.line(text.next))
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { String($0.drop(while: \.isWhitespace)) }.joined(separator: " ")
    }
}
