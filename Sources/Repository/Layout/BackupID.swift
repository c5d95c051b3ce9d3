/// What a backup is a copy of.
package enum BackupKind: String, Codable, Sendable, CaseIterable {
    /// The whole cluster, physically.
    case base
    /// One database, by pg_dump.
    case dump
}

/// A backup's name, such as `20261122T020000Z-base`: the second it began, in UTC, and its kind. Ids sort by time.
package struct BackupID: Hashable, Comparable, Sendable {
    /// The second in which the backup began.
    package let startedAt: UTCTime
    /// What it is a copy of.
    package let kind: BackupKind

    package init(startedAt: UTCTime, kind: BackupKind) {
        self.startedAt = startedAt
        self.kind = kind
    }

    /// Reads `<UTC>-base` or `<UTC>-dump`; `nil` for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = UTCTime(stamp: parts[0]), let kind = BackupKind(rawValue: String(parts[1]))
        else { return nil }
        self.init(startedAt: time, kind: kind)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.startedAt, left.kind.rawValue) < (right.startedAt, right.kind.rawValue)
    }
}

extension BackupID: CustomStringConvertible {
    package var description: String { "\(startedAt.stamp)-\(kind.rawValue)" }
}

extension BackupID: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = BackupID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no backup id")
        }
        self = id
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
