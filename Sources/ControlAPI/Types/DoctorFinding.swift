/// One precondition as doctor found it; the fields are those of `DoctorFinding` in the interface description.
package struct DoctorFinding: Codable, Sendable, Hashable {
    package var code: String
    package var level: String
    package var subject: String
    package var message: String
    package var mend: [Mend]

    package init(code: String, level: String, subject: String, message: String, mend: [Mend]) {
        self.code = code
        self.level = level
        self.subject = subject
        self.message = message
        self.mend = mend
    }
}
