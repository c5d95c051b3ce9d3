/// A tablespace as it was at backup time; the fields are those of `TablespaceFacts` in the interface description.
package struct TablespaceFacts: Codable, Sendable, Hashable {
    package var oid: Int64
    package var location: String

    package init(oid: Int64, location: String) {
        self.oid = oid
        self.location = location
    }
}
