package import FoundationEssentials

/// What would be lost if something happened now.
package struct Exposure: Sendable, Hashable {
    /// If the database were damaged: what the copy on this machine lacks.
    package let databaseDamaged: ExposureAmount
    /// If this machine were lost: what the copy elsewhere lacks.
    package let machineLost: ExposureAmount
    /// What both are measured by.
    package let basis: ExposureBasis

    /// Measures by backups alone.
    ///
    /// - Parameters:
    ///   - localPoint: The time whose data the newest restorable backup in the repository holds; `nil` without one.
    ///   - offsitePoint: The same for the copy on another machine.
    ///   - now: The time. A point after it means that a clock was wrong: the amount is unknown then, not 0.
    package static func sinceLastBackup(localPoint: Date?, offsitePoint: Date?, now: Date) -> Exposure {
        Exposure(
            databaseDamaged: amount(localPoint, now),
            machineLost: amount(offsitePoint, now),
            basis: .sinceLastBackup
        )
    }

    private static func amount(_ point: Date?, _ now: Date) -> ExposureAmount {
        guard let point else { return .everything }
        let seconds = now.timeIntervalSince(point)
        return seconds < 0 ? .unknown(atMostSeconds: nil) : .seconds(seconds)
    }
}
