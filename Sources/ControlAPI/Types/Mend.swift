/// The lines that mend a finding on one kind of system; the fields are those of `Mend` in the interface description.
package struct Mend: Codable, Sendable, Hashable {
    package var `where`: String
    package var lines: [String]

    package init(`where`: String, lines: [String]) {
        self.where = `where`
        self.lines = lines
    }
}
