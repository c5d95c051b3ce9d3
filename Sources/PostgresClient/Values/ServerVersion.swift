/// A server's version.
package struct ServerVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// libpq's number: 150018 is 15.18.
    package let number: Int

    /// Makes a version from libpq's number.
    package init(number: Int) {
        self.number = number
    }

    /// The major version: 15.
    package var major: Int {
        number / 10000
    }

    /// The minor version: 18 (for servers before 10, which are refused anyway, two parts in one).
    package var minor: Int {
        number % 10000
    }

    /// `15.18`.
    package var description: String {
        "\(major).\(minor)"
    }

    /// Whether `left` is older than `right`.
    package static func < (left: ServerVersion, right: ServerVersion) -> Bool {
        left.number < right.number
    }
}
