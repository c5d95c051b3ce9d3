/// How well the database is protected, and everything that is wrong.
package struct HealthReport: Sendable, Hashable {
    /// The level of the worst reason; `ok` without any.
    package let level: HealthLevel
    /// Critical ones first; within a level in the order of ``HealthReasonCode``.
    package let reasons: [HealthReason]
    /// What could not be judged, for what it depends on can't be read now: whether it is so is not known. A reason among
    /// ``reasons`` may be one of these where something of it is known; its level is then a guess.
    package let unjudged: Set<HealthReasonCode>

    /// Sorts the reasons and takes the level from them.
    package init(reasons: [HealthReason], unjudged: Set<HealthReasonCode> = []) {
        self.unjudged = unjudged
        let order = HealthReasonCode.allCases
        let rank = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        self.reasons = reasons.enumerated().sorted { left, right in
            if left.element.level != right.element.level { return left.element.level > right.element.level }
            let (leftRank, rightRank) = (rank[left.element.code] ?? 0, rank[right.element.code] ?? 0)
            return leftRank == rightRank ? left.offset < right.offset : leftRank < rightRank
        }.map(\.element)
        level = reasons.map(\.level).max() ?? .ok
    }
}
