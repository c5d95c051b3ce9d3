package import FoundationEssentials
package import Monitoring

/// The sentences of one language that messages are made of; ``AlertWriter`` puts them together.
package protocol AlertWords: Sendable {
    /// What is said of each problem.
    var health: any HealthCatalogue { get }

    /// A problem in two or three words, for the subject.
    func title(_ code: HealthReasonCode) -> String
    /// A level, in capitals.
    func word(_ level: HealthLevel) -> String
    /// A text after what it is headed by.
    func headed(_ head: String, _ text: String) -> String
    /// The subject's middle: what kind of message it is; empty for a problem that is new.
    func prefix(_ kind: AlertMessage.Kind, _ occasion: AlertNotice.Occasion) -> String
    /// Titles and how many more there are.
    func list(_ titles: [String], more: Int) -> String
    /// The first paragraph of a message about problems or their end.
    func opening(_ notice: AlertNotice, instance: String) -> String
    /// Since when a problem is so.
    func since(_ date: Date, ageSeconds: Double) -> String
    /// What stands before the command to run next.
    var next: String { get }
    /// That it was told once and is not told again.
    var toldOnce: String { get }
    /// How the reminders end; a command follows.
    func untilAcknowledged(everySeconds: Double) -> String
    /// That a problem is over: what it was, and how long it lasted.
    func resolved(_ title: String, what: String, from: Date, to: Date) -> String
    /// Where to see everything; a command follows.
    var more: String { get }
    /// That nothing else comes for a while.
    func last(_ pause: AlertNotice.Pause) -> String
    /// What stands before the emergency contacts.
    var contacts: String { get }
    /// The test message: subject and body.
    func test(instance: String) -> (subject: String, body: String)
    /// The digest: subject and paragraphs.
    func digest(_ facts: DigestFacts, instance: String) -> (subject: String, paragraphs: [String])
}
