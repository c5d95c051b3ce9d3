/// A database as it was at backup time; the fields are those of `DatabaseFacts` in the interface description.
package struct DatabaseFacts: Codable, Sendable, Hashable {
    package var name: String
    package var sizeBytes: Int64?
    package var encoding: String?
    package var collate: String?
    package var extensions: [String]

    package init(
        name: String,
        sizeBytes: Int64? = nil,
        encoding: String? = nil,
        collate: String? = nil,
        extensions: [String]
    ) {
        self.name = name
        self.sizeBytes = sizeBytes
        self.encoding = encoding
        self.collate = collate
        self.extensions = extensions
    }
}
