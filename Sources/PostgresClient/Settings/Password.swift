/// A password that no description, dump or interpolation shows.
package struct Password: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The password itself, for the one call that needs it.
    let revealed: String

    /// Wraps a password.
    package init(_ password: String) {
        revealed = password
    }

    /// A placeholder.
    package var description: String {
        "<hidden>"
    }

    /// A placeholder.
    package var debugDescription: String {
        "<hidden>"
    }

    /// Shows nothing to `dump` and to printing of structures that hold a password.
    package var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
