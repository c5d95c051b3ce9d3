package import FoundationEssentials

/// How the things stand whose changes are events. It is remembered, so that a restart makes no news of what lasts.
package struct WatchedConditions: Sendable, Hashable, Codable {
    /// What is watched.
    package enum Subject: String, Sendable, Hashable, Codable, CaseIterable {
        /// Whether the database answers.
        case database
        /// Whether the repository can be used.
        case repository
        /// Whether its file system has space.
        case disk
    }

    /// How a thing stands.
    package enum Level: String, Sendable, Hashable, Codable, Comparable {
        /// As it should be.
        case good
        /// Worth a look.
        case poor
        /// Broken.
        case bad

        package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .good: 0
            case .poor: 1
            case .bad: 2
            }
        }
    }

    /// How a thing stands, and since when.
    package struct Reading: Sendable, Hashable, Codable {
        package var level: Level
        package var since: Date

        package init(level: Level, since: Date) {
            self.level = level
            self.since = since
        }
    }

    /// A change that is worth an event.
    package struct Change: Sendable, Hashable {
        /// How it stood before; good when nothing was known.
        package var before: Level
        /// Since when, where that is known.
        package var since: Date?
    }

    private var readings: [String: Reading] = [:]

    package init() {}

    /// How a thing stood last; `nil` when it was never looked at.
    package subscript(subject: Subject) -> Reading? { readings[subject.rawValue] }

    /// Takes note of how a thing stands.
    ///
    /// - Returns: The change; `nil` when it stands as before, or is good at the first look.
    package mutating func observe(_ subject: Subject, _ level: Level, at now: Date) -> Change? {
        let before = readings[subject.rawValue]
        guard before?.level != level else { return nil }
        readings[subject.rawValue] = Reading(level: level, since: now)
        guard before != nil || level != .good else { return nil }
        return Change(before: before?.level ?? .good, since: before?.since)
    }
}
