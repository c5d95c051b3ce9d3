package import FoundationEssentials

/// How deliveries to one recipient went.
package struct RecipientRecord: Sendable, Hashable, Codable {
    package let recipient: AlertRecipient
    package internal(set) var deliveredAt: Date?
    /// When an attempt failed last.
    package internal(set) var failedAt: Date?
    /// Why it failed.
    package internal(set) var failure: DeliveryFailure?
    /// Since when no attempt succeeded; `nil` when the last one did.
    package internal(set) var failingSince: Date?
    /// Attempts that failed since the last one that succeeded.
    package internal(set) var failuresInARow = 0
    /// Whether the last attempt was refused for good.
    package internal(set) var isRefused = false

    /// Attempts in a row that may fail before it is a trouble.
    package static let toleratedFailures = 3

    package init(_ recipient: AlertRecipient) {
        self.recipient = recipient
    }

    /// Whether messages do not get there, by more than a bad moment.
    package var isTroubled: Bool {
        failingSince != nil && (isRefused || failuresInARow > Self.toleratedFailures)
    }

    mutating func note(_ outcome: DeliveryOutcome, at date: Date) {
        switch outcome {
        case .delivered:
            deliveredAt = date
            failingSince = nil
            failuresInARow = 0
            isRefused = false
        case .failed(let failure, _), .refused(let failure):
            failedAt = date
            self.failure = failure
            failingSince = failingSince ?? date
            failuresInARow += 1
            if case .refused = outcome { isRefused = true } else { isRefused = false }
        }
    }
}
