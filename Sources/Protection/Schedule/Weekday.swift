/// A day of the week; weeks begin on Monday (ISO 8601).
package enum Weekday: String, Sendable, Hashable, CaseIterable, Codable {
    case monday, tuesday, wednesday, thursday, friday, saturday, sunday
}
