/// Whom messages come from: `alerts@example.org`, or with a name `Backups <alerts@example.org>`.
package struct EmailSender: Sendable, Hashable, CustomStringConvertible {
    /// What is accepted, in words.
    package static let grammar = #"an e-mail address such as "backups@example.org" or "Backups <backups@example.org>""#

    /// The name that readers see; `nil` leaves it to who writes the message.
    package let name: String?
    /// The address.
    package let address: EmailAddress

    package init(name: String? = nil, address: EmailAddress) {
        self.name = name
        self.address = address
    }

    /// `nil` when it is neither.
    package init?(_ text: String) {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            guard let address = EmailAddress(text) else { return nil }
            self.init(address: address)
            return
        }
        var name = String(text[..<open]).trimmingWhitespace()
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = String(name.dropFirst().dropLast()) }
        let inside = text[text.index(after: open)...].dropLast()
        guard let address = EmailAddress(String(inside)), name.count <= 100, PrintableText.of(name) == name else {
            return nil
        }
        self.init(name: name.isEmpty ? nil : name, address: address)
    }

    /// As it would be written in the file.
    package var description: String { name.map { "\($0) <\(address)>" } ?? "\(address)" }
}
