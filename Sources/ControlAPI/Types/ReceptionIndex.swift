/// An index that makes the statistics scale; the fields are those of `ReceptionIndex` in the interface description.
package struct ReceptionIndex: Codable, Sendable, Hashable {
    package var table: String
    package var statement: String
    package var dropStatement: String?
    package var purpose: String
    package var writeCost: String
    package var presentAs: String?
    package var isBeingMade: Bool
    package var sizeBytes: Int64
    package var isEstimate: Bool

    package init(
        table: String,
        statement: String,
        dropStatement: String? = nil,
        purpose: String,
        writeCost: String,
        presentAs: String? = nil,
        isBeingMade: Bool = false,
        sizeBytes: Int64,
        isEstimate: Bool
    ) {
        self.table = table
        self.statement = statement
        self.dropStatement = dropStatement
        self.purpose = purpose
        self.writeCost = writeCost
        self.presentAs = presentAs
        self.isBeingMade = isBeingMade
        self.sizeBytes = sizeBytes
        self.isEstimate = isEstimate
    }
}
