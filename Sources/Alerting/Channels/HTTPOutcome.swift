import Transfer

/// What a web server's answer means for a delivery, by its status alone.
enum HTTPOutcome {
    /// A longer wait than a day is not what a server means by `Retry-After`.
    static let longestRetrySeconds = 86_400.0

    /// - Parameters:
    ///   - peer: What messages call the server.
    ///   - hints: Sentences for statuses that mean something particular there.
    static func of(
        _ answer: HTTPAnswer,
        peer: String,
        _ setting: AddressSetting,
        hints: [Int: String] = [:]
    ) -> DeliveryOutcome {
        let failure = DeliveryFailure(
            "\"\(peer)\" answered with status \(answer.status)",
            hint: hints[answer.status] ?? hint(answer.status, setting)
        )
        switch answer.status {
        case 200...299: return .delivered
        case 408, 425, 429, 500...599: return .failed(failure, retryAfterSeconds: retry(answer.retryAfterSeconds))
        default: return .refused(failure)
        }
    }

    /// What is asked for, within reason.
    static func retry(_ seconds: Double?) -> Double? {
        seconds.flatMap { $0 > 0 ? min($0, longestRetrySeconds) : nil }
    }

    private static func hint(_ status: Int, _ setting: AddressSetting) -> String? {
        switch status {
        case 300...399: "Redirects are not followed: write the address it leads to in \(setting.rawValue)."
        case 401, 403: "Check what \(setting.rawValue) and the server expect of each other."
        case 404, 410: "Check the path in \(setting.rawValue)."
        case 400...499: "Look at the server's log: it does not want what it was sent."
        default: nil
        }
    }
}
