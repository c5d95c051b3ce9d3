/// What a pack holds; the kinds are never mixed.
package enum PackKind: UInt8, Sendable, CaseIterable {
    /// Whole chunks of files.
    case data = 1
    /// Chunks as differences from others.
    case delta = 2
    /// File tables and lists; whole chunks too.
    case list = 3
}
