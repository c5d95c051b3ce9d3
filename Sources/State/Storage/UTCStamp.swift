import FoundationEssentials

/// Times as file names carry them: `20261121T020000Z`.
enum UTCStamp {
    static func text(_ date: Date) -> String {
        date.formatted(
            .iso8601.year().month().day().dateSeparator(.omitted)
                .time(includingFractionalSeconds: false).timeSeparator(.omitted)
                .timeZone(separator: .omitted)
        )
    }
}
