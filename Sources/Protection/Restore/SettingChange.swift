/// A setting that a restored server has otherwise than the source had it.
package struct SettingChange: Hashable, Sendable, Codable {
    /// The setting's name.
    package let name: String
    /// The source's value; `nil` when it may hold a secret.
    package let old: String?
    /// The restored server's value.
    package let new: String

    package init(name: String, old: String?, new: String) {
        self.name = name
        self.old = old
        self.new = new
    }
}
