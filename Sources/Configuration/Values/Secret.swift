/// A password, key or token: usable, but printed as `[hidden]` wherever it ends up by accident.
///
/// `description`, `debugDescription`, string interpolation, `dump` and `Mirror` all show the placeholder. The text
/// itself is had only by asking for it by name, `revealed`, which is easy to look for in a review.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What stands for any secret in everything that is printed.
    package static let placeholder = "[hidden]"

    /// The secret itself. Pass it on to what needs it; never into a log, an error or a URL.
    package let revealed: String

    package init(_ text: String) {
        revealed = text
    }

    package var description: String { Self.placeholder }

    package var debugDescription: String { Self.placeholder }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
