import Foundation

/// Times for the tests of the schedule, written as people write them.
func utc(_ text: String) throws -> Date {
    try Date(text.count == 16 ? "\(text):00Z" : "\(text)Z", strategy: .iso8601)
}

func zone(_ identifier: String) throws -> TimeZone {
    guard let zone = TimeZone(identifier: identifier) else { throw UnknownZone(identifier: identifier) }
    return zone
}

/// The machine has no data for a zone (package tzdata).
struct UnknownZone: Error {
    let identifier: String
}
