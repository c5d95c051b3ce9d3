/// Bytes that are not one JSON text, or one beyond the limits of ``JSONParser``.
package struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, as a clause.
    package let message: String
    /// The offset in bytes at which it was noticed.
    package let offset: Int

    package init(message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }

    package var description: String { "\(message) at byte \(offset)" }
}
