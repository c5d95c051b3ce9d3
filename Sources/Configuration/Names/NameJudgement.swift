/// What to make of a name found in a file or in the environment.
enum NameJudgement: Equatable {
    /// One of ours.
    case known(SettingName)
    /// Nobody's business.
    case foreign
    /// Looks like one of ours and is none; with the nearest right name when one is near.
    case suspicious(nearest: SettingName?)

    /// Beginnings that are ours alone, so that a name with one of them which we do not know is a mistake.
    private static let familyPrefixes = [
        "BACKUP_", "RETENTION_", "VERIFY_", "DRILL_", "ALERT_", "NOTIFICATION_", "POSTGRES_", "LIVE_RECEPTION_",
        "DIGEST_",
    ]

    /// - Parameter isFile: Whether it stands in the configuration file, where a name that is nearly ours is a slip; the
    ///   environment is full of other programs' names.
    init(_ name: String, isFile: Bool) {
        if let known = SettingName(rawValue: name) {
            self = .known(known)
            return
        }
        if ForeignNames.contains(name) {
            self = .foreign
            return
        }
        let upper = name.uppercased()
        let isFamily = Self.familyPrefixes.contains { upper.hasPrefix($0) }
        guard isFamily || isFile else {
            self = .foreign
            return
        }
        let limit = isFamily ? max(2, upper.utf8.count / 4) : upper.utf8.count < 6 ? 0 : 2
        let nearest = SettingName.allCases
            .map { (name: $0, distance: EditDistance.between(upper, $0.rawValue)) }
            .min { $0.distance < $1.distance }
            .flatMap { $0.distance <= limit ? $0.name : nil }
        self = isFamily || nearest != nil ? .suspicious(nearest: nearest) : .foreign
    }
}
