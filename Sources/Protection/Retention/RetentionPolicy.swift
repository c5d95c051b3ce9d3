/// How many backups to keep.
package enum RetentionPolicy: Sendable, Hashable {
    /// The newest backup of each of so many days, ISO weeks and months. Only those that have a backup count: after a
    /// month without backups the ones before it are all still there. A count of 0 keeps none for its sake.
    case generations(daily: Int, weekly: Int, monthly: Int)
    /// All backups of the last so many days (24 hours each).
    ///
    /// The days are counted back from the newest backup of the same kind and database, not from now: when backups stop coming, none
    /// are removed.
    case days(Int)

    /// 7 daily, 4 weekly and 12 monthly.
    package static let standard = generations(daily: 7, weekly: 4, monthly: 12)

    /// In words: `7 daily, 4 weekly and 12 monthly`.
    package var text: String {
        switch self {
        case .generations(let daily, let weekly, let monthly):
            "\(max(0, daily)) daily, \(max(0, weekly)) weekly and \(max(0, monthly)) monthly"
        case .days(let days):
            days == 1 ? "1 day" : "\(max(0, days)) days"
        }
    }
}
