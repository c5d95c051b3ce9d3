/// What a catalogue says of one thing that is wrong. No part ends in a full stop.
package struct HealthText: Sendable, Hashable {
    /// What is wrong; begins in lower case.
    package var what: String
    /// What it means for the data; begins in lower case.
    package var meaning: String
    /// What to run or do next.
    package var next: String

    package init(what: String, meaning: String, next: String) {
        self.what = what
        self.meaning = meaning
        self.next = next
    }

    /// What is wrong and what it means, in one sentence.
    package var message: String { "\(what); \(meaning)" }

    /// What to run next, where ``next`` is nothing but one command.
    package var command: String? {
        guard let colon = next.firstIndex(of: ":") else { return nil }
        let command = next[next.index(after: colon)...].drop { $0 == " " }
        let isAlone = command.hasPrefix("recyclicctl ") && !command.contains { ",;(:".contains($0) }
        return isAlone && !next[..<colon].contains(" ") ? String(command) : nil
    }
}
