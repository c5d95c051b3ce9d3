package import Varlink

/// Something that happened; the fields are those of `Event` in the interface description.
package struct Event: Codable, Sendable, Hashable {
    package var id: Int64
    package var time: String
    package var kind: String
    package var severity: String
    package var subject: String?
    package var message: String
    package var details: JSONValue?

    package init(
        id: Int64,
        time: String,
        kind: String,
        severity: String,
        subject: String? = nil,
        message: String,
        details: JSONValue? = nil
    ) {
        self.id = id
        self.time = time
        self.kind = kind
        self.severity = severity
        self.subject = subject
        self.message = message
        self.details = details
    }
}
