/// What an extraction wrote.
package struct ExtractionSummary: Sendable, Hashable {
    /// Files.
    package var files: Int64 = 0
    /// Folders.
    package var folders: Int64 = 0
    /// Links.
    package var links: Int64 = 0
    /// The sum of the files' sizes, in bytes.
    package var bytes: Int64 = 0
    /// Entries of the table that the layout left out.
    package var omitted: Int64 = 0

    package init() {}
}
