/// The sentences of one language for everything that can be wrong. The rules know no words; a language knows no rules.
package protocol HealthCatalogue: Sendable {
    /// What to say of a fact.
    func text(_ fact: HealthFact) -> HealthText
}
