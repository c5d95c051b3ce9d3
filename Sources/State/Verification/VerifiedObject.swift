package import FoundationEssentials

/// An object of the repository whose bytes were read and found right.
package struct VerifiedObject: Sendable, Hashable {
    /// Its name in the repository.
    package var name: String
    /// Its stored size.
    package var sizeBytes: Int64
    /// When it was read last.
    package var verifiedAt: Date

    package init(name: String, sizeBytes: Int64, verifiedAt: Date) {
        self.name = name
        self.sizeBytes = sizeBytes
        self.verifiedAt = verifiedAt
    }
}
