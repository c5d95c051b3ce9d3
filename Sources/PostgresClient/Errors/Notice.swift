/// What the server says beside a result: a warning, a notice, or an error.
package struct Notice: Hashable, Sendable {
    /// `WARNING`, `NOTICE`, `ERROR`, …, in English whatever the server's language is.
    package let severity: String
    /// The five characters that tell the kind (appendix A of PostgreSQL's manual); empty when the server gave none.
    package let sqlState: String
    /// The message, in the server's language.
    package let message: String
    /// More about it, if the server said more.
    package let detail: String?
    /// The server's own advice, if it gave any.
    package let hint: String?
}
