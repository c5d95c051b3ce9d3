/// How much a COPY brought.
package struct CopySummary: Hashable, Sendable {
    /// The rows' bytes, line feeds included.
    package var bytes: Int64 = 0
    /// How many rows came; for the text form these are messages, one a row.
    package var rows: Int64 = 0
}
