/// The language that messages are written in.
package enum NotificationLanguage: String, Sendable, Hashable, CaseIterable {
    /// English.
    case english = "en"
    /// French.
    case french = "fr"
}
