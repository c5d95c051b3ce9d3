package import FoundationEssentials
package import Monitoring

/// One occurrence of one problem, from when it was seen first until it is over.
package struct Alert: Sendable, Hashable, Codable, Identifiable {
    /// Where it is in its life; silences lie over it and do not change it.
    package enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
        /// Seen, and not told yet, for it may go away by itself. Can transition to: firing; or it is forgotten.
        case pending
        /// Told, and told again. Can transition to: acknowledged, resolved.
        case firing
        /// Somebody knows. Can transition to: firing, when it gets worse or more; resolved.
        case acknowledged
        /// Over. A recurrence is a new alert.
        case resolved
    }

    /// Who said that they know.
    package struct Acknowledgement: Sendable, Hashable, Codable {
        /// The user.
        package var by: String
        /// When.
        package var at: Date
        /// What they said.
        package var note: String?

        package init(by: String, at: Date, note: String? = nil) {
            self.by = by
            self.at = at
            self.note = note
        }
    }

    /// Its number, shown as `a12`.
    package let id: Int64
    /// What is wrong, as it was seen last.
    package internal(set) var reason: HealthReason
    package internal(set) var phase: Phase
    /// How bad it is taken to be: it gets worse at once, and better only when that lasts.
    package internal(set) var level: HealthLevel
    /// How bad it was at its worst.
    package internal(set) var worst: HealthLevel
    /// When it was seen first.
    package let beganAt: Date
    package internal(set) var firedAt: Date?
    package internal(set) var resolvedAt: Date?
    package internal(set) var acknowledgement: Acknowledgement?
    package internal(set) var escalatedAt: Date?
    /// Who was told of it, in order.
    package internal(set) var told: [AlertRecipient] = []
    /// When it was told last.
    package internal(set) var lastToldAt: Date?

    /// What it took the place of, and so is over only together with it: at most one alert of each code, as they were when they
    /// ended. `nil` is none.
    var replaced: [Alert]?

    /// Since when it has been here, on the alerts' clock.
    var presentSeconds: Double
    /// Since when it has been firing at this level and could have been told.
    var firingSeconds: Double?
    /// When it was told last.
    var toldSeconds: Double?
    /// Since when it has not been seen.
    var absentSeconds: Double?
    /// Since when it has been seen at a lower level only.
    var milderSeconds: Double?

    /// When it was acknowledged.
    var acknowledgedSeconds: Double?
    /// What those know who acknowledged it.
    var acknowledgedFact: HealthFact?

    /// The latest moment that is noted of it.
    var latestSeconds: Double {
        [presentSeconds, firingSeconds, toldSeconds, absentSeconds, milderSeconds, acknowledgedSeconds].compactMap(
            \.self
        ).max() ?? 0
    }

    /// Whether this level was told, or need not be.
    var isTold = false
    /// Whether it is not told at all, since it was told once before.
    var isKnown = false
    /// How often it had come back shortly after it was over.
    var flaps: Int

    init(id: Int64, reason: HealthReason, flaps: Int, at moment: AlertMoment) {
        self.id = id
        self.reason = reason
        self.flaps = flaps
        phase = .pending
        level = reason.level
        worst = reason.level
        beganAt = moment.date
        presentSeconds = moment.seconds
    }

    /// What it is about.
    package var code: HealthReasonCode { reason.code }

    /// Since when it is so: by the problem's own account, where that goes further back than when it was seen first. What is
    /// said of it last, as of the fifth backup that failed, may be younger than it is.
    package var since: Date { min(reason.since ?? beganAt, beganAt) }

    /// Whether it is told once and not again. What is critical is never so.
    package var isToldOnce: Bool { reason.isToldOnce && level < .critical }

    /// Whether it says that messages reach nobody of those who are told first.
    package var isNobodyReached: Bool { code == .alertDelivery && level == .critical }

    var isEscalated: Bool { escalatedAt != nil }

    /// Counts others among those who were told.
    mutating func join(_ recipients: [AlertRecipient]) { told = Set(told).union(recipients).sorted() }

    mutating func markTold(to recipients: [AlertRecipient], at moment: AlertMoment) {
        isTold = true
        toldSeconds = moment.seconds
        guard !recipients.isEmpty else { return }
        join(recipients)
        lastToldAt = moment.date
    }
}
