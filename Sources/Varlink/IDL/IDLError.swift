/// A mistake in an interface description.
package struct IDLError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, as a clause: what was expected, and what was found.
    package let message: String
    /// The line, from 1.
    package let line: Int
    /// The column in characters, from 1.
    package let column: Int

    package init(message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }

    package var description: String { "line \(line), column \(column): \(message)" }
}
